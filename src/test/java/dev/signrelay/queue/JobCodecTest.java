package dev.signrelay.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.JobCodec.MalformedJobException;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JobCodecTest {

  private static final int KIB = 1_024;
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00.123456789Z");
  private static final Instant LATER = Instant.parse("2026-11-23T13:00:00.5Z");
  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com:8443/hook?a=%2F&b=%22+"), NOW);

  @Test
  void allMembersAreDecodedAsTheyWereEncodedAndThoseThatAreMissingAreNotWritten() {
    var wanted = new Acceptance("id-1", null, NOW, LATER, "key-0123456789abcdef");
    assertRoundTrip(new NeedsSignature(wanted, "message", Integer.MAX_VALUE, LATER, LATER));
    assertRoundTrip(new NeedsCallback(wanted, "signature", 2, null, LATER, 7));

    var none = new Acceptance("id-1", null, NOW, null, "");
    assertRoundTrip(NeedsSignature.first(none, "a"));
    assertThat(JobCodec.encode(NeedsSignature.first(none, "a")))
        .doesNotContain("validUntil", "client", "callbackUrl", "notBefore");
  }

  /** Functions of the previous and the next release read it. */
  @Test
  void theFormatIsThatOfVersion1() {
    assertThat(JobCodec.encode(new NeedsSignature(ACCEPTANCE, "a", 2, LATER, ACCEPTANCE.at())))
        .isEqualTo(
            """
            {"version":1,"stage":"needs-signature","message":"a","id":"id-1",\
            "callbackUrl":"https://example.com:8443/hook?a=%2F&b=%22+",\
            "acceptedAt":"2026-11-23T12:00:00.123456789Z","attempt":2,\
            "since":"2026-11-23T12:00:00.123456789Z","notBefore":"2026-11-23T13:00:00.500Z"}""");
    assertThat(JobCodec.encode(new NeedsCallback(ACCEPTANCE, "b", 1, null, ACCEPTANCE.at(), 1)))
        .isEqualTo(
            """
            {"version":1,"stage":"needs-callback","signature":"b","calls":1,"id":"id-1",\
            "callbackUrl":"https://example.com:8443/hook?a=%2F&b=%22+",\
            "acceptedAt":"2026-11-23T12:00:00.123456789Z","attempt":1,\
            "since":"2026-11-23T12:00:00.123456789Z"}""");
  }

  /** It reads in turn what this release writes: its own text without the grant. */
  @Test
  void theMessagesOfRelease020AreReadAndWrittenWithoutTheirGrants() throws Exception {
    try (var file = getClass().getResourceAsStream("release-0.2.0-jobs.txt")) {
      for (String text : new String(file.readAllBytes(), UTF_8).lines().toList()) {
        assertThat(JobCodec.encode(JobCodec.decode(text)))
            .isEqualTo(text.replaceFirst(",\"grant\".*}", "}"));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0001",
        "\0",
        "\u000b\u001f",
        "\t\r\n",
        "\"\\/",
        "\uffff\ufffe",
        "\u0080\u00a0é",
        "\u2028\u2029",
        "🔑",
        "\udbff\udfff",
        "</Body>&amp;]]>",
      })
  void anyTextIsEncodedInPrintableAscii(String text) {
    for (Job job :
        List.of(
            NeedsSignature.first(ACCEPTANCE, text),
            new NeedsCallback(ACCEPTANCE, text, 1, null, ACCEPTANCE.at(), 1))) {
      assertThat(JobCodec.encode(job)).matches("[ -~]+");
      assertRoundTrip(job);
    }
  }

  /** The message, the signature and the URL are as long as they may be. */
  @ParameterizedTest
  @ValueSource(strings = {"\u0001", "é", "\uffff", "🔑", "\""})
  void theLargestJobsStayWithinTheirDocumentedSizes(String character) {
    // 2,048 characters, nearly all of which are percent-encoded to nine
    URI url = URI.create("https://example.com/" + "%E2%82%AC".repeat(2_028));
    var acceptance = new Acceptance("id-1", url, NOW);
    int others = url.toString().length() + 300;
    int bytes = character.getBytes(UTF_8).length;
    String message = character.repeat(4 * KIB / bytes);
    String signature = character.repeat(16 * KIB / bytes);

    assertThat(
            JobCodec.encode(new NeedsSignature(acceptance, message, 1, LATER, acceptance.at()))
                .length())
        .isLessThan(24 * KIB + others);
    assertThat(
            JobCodec.encode(new NeedsCallback(acceptance, signature, 1, LATER, acceptance.at(), 1))
                .length())
        .isLessThan(96 * KIB + others);
  }

  private static void assertRoundTrip(Job job) {
    assertThat(JobCodec.decode(JobCodec.encode(job))).isEqualTo(job);
  }

  /** Has a secret in each field that may contain one. */
  private static final String UNSIGNED =
      """
      {"version": 1, "stage": "needs-signature", "message": "SECRET", "id": "id-1",
       "callbackUrl": "https://example.com/?SECRET", "acceptedAt": "2026-11-23T12:00:00Z",
       "attempt": 2, "since": "2026-11-23T12:30:00Z", "notBefore": "2026-11-23T13:00:00Z"}""";

  private static final String SIGNED =
      """
      {"version": 1, "stage": "needs-callback", "signature": "SECRET", "calls": 3, "id": "id-1",
       "callbackUrl": "https://example.com/?SECRET", "acceptedAt": "2026-11-23T12:00:00Z",
       "attempt": 2, "since": "2026-11-23T12:30:00Z"}""";

  private static final String TIME = "\"2026-11-23T13:00:00Z\"";

  private static final Acceptance SECRETS =
      new Acceptance(
          "id-1", URI.create("https://example.com/?SECRET"), Instant.parse("2026-11-23T12:00:00Z"));

  private static final Instant SINCE = Instant.parse("2026-11-23T12:30:00Z");

  private static final Job UNSIGNED_JOB =
      new NeedsSignature(SECRETS, "SECRET", 2, Instant.parse("2026-11-23T13:00:00Z"), SINCE);

  /** Release 0.2.0 writes the grant that a job waits for, and the grants that it missed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\"priority\": 7, \"nested\": {\"version\": [2]}, \"none\": null, ",
        "\"grant\": {\"id\": \"g\", \"from\": " + TIME + ", \"until\": " + TIME + "}, ",
        "\"grant\": null, \"misses\": \"SECRET\", ",
      })
  void unknownFieldsAreIgnored(String fields) {
    assertThat(JobCodec.decode(UNSIGNED.replace("{", "{" + fields))).isEqualTo(UNSIGNED_JOB);
    assertThat(JobCodec.decode(SIGNED.replace("{", "{" + fields)))
        .isEqualTo(new NeedsCallback(SECRETS, "SECRET", 2, null, SINCE, 3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"version\": 1 | \"version\": 2 | its version is not 1",
        "\"version\": 1 | \"version\": \"1\" | version is not a whole number",
        "\"version\": 1 | \"version\": 1.5 | version is not a whole number",
        "needs-signature | needs-rest | its stage is unknown",
        "\"needs-signature\" | 1 | stage is not a string",
        "\"SECRET\" | 7 | message is not a string",
        "\"SECRET\" | \"\" | a field is out of its bounds",
        "id-1 | ` ` | a field is out of its bounds",
        "\"id-1\" | [\"id-1\"] | id is not a string",
        "https://example.com/? | /relative? | a field is out of its bounds",
        "https://example.com/? | https://example.com/%zz | a field is out of its bounds",
        "2026-11-23T12:00:00Z | yesterday | a time is not ISO 8601",
        "\"2026-11-23T12:00:00Z\" | 1795435200 | acceptedAt is not a string",
        "\"2026-11-23T13:00:00Z\" | {} | notBefore is not a string",
        "\"attempt\": 2 | \"attempt\": 0 | a field is out of its bounds",
        "\"attempt\": 2 | \"attempt\": 2.5 | attempt is not a whole number",
        "\"attempt\": 2 | \"attempt\": 4294967298 | attempt is not a whole number",
        "{ | {\"validUntil\": \"SECRET\", | a time is not ISO 8601",
        "{ | {\"validUntil\": \"+1000000000-12-31T23:59:59Z\", | validUntil is out of range",
        "{ | {\"client\": 7, | client is not a string",
        "\"version\" | \"other\" | version is missing",
        "\"stage\" | \"other\" | stage is missing",
        "\"message\" | \"other\" | message is missing",
        "\"id\" | \"other\" | id is missing",
        "\"acceptedAt\" | \"other\" | acceptedAt is missing",
        "\"attempt\" | \"other\" | attempt is missing",
        "\"since\" | \"other\" | since is missing",
        "\"signature\" | \"message\" | signature is missing",
        "\"signature\": \"SECRET\" | \"signature\": \"\" | a field is out of its bounds",
        "\"calls\" | \"other\" | calls is missing",
        "\"calls\": 3 | \"calls\": -1 | a field is out of its bounds",
        "\"calls\": 3 | \"calls\": 1.5 | calls is not a whole number",
        "} | } {} | it is not a JSON object",
        "} | }SECRET | it is not a JSON object",
      })
  void aMalformedFieldIsNamedButNotQuoted(String valid, String invalid, String error) {
    String job = UNSIGNED.contains(valid) ? UNSIGNED : SIGNED;
    assertThat(job).contains(valid);
    assertMalformed(job.replace(valid, invalid), error);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "null", "[1]", "7", "\"SECRET\"", "SECRET", "{SECRET", "{'a': 'SECRET'}"})
  void textThatIsNotAJsonObjectIsNotQuoted(String text) {
    assertMalformed(text, "it is not a JSON object");
  }

  @Test
  void deepNestingIsRefused() {
    assertMalformed(
        "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000), "it is not a JSON object");
  }

  private static void assertMalformed(String text, String error) {
    assertThatExceptionOfType(MalformedJobException.class)
        .isThrownBy(() -> JobCodec.decode(text))
        .withMessage(error)
        .withNoCause();
  }
}
