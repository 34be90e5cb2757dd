package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import java.net.URI;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Queue messages that are jobs of other releases, or not jobs. */
final class JobCodecMalformedTest {

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

  private static final Acceptance ACCEPTANCE =
      new Acceptance(
          "id-1", URI.create("https://example.com/?SECRET"), Instant.parse("2026-11-23T12:00:00Z"));

  private static final Instant SINCE = Instant.parse("2026-11-23T12:30:00Z");

  private static final Job UNSIGNED_JOB =
      new NeedsSignature(ACCEPTANCE, "SECRET", 2, Instant.parse("2026-11-23T13:00:00Z"), SINCE);

  @Test
  void theMessagesBeforeTheirChangeAreJobs() {
    assertThat(JobCodec.decode(UNSIGNED)).isEqualTo(UNSIGNED_JOB);
    assertThat(JobCodec.decode(SIGNED))
        .isEqualTo(new NeedsCallback(ACCEPTANCE, "SECRET", 2, null, SINCE, 3));
  }

  @Test
  void unknownFieldsAreIgnored() {
    String newer =
        UNSIGNED.replace("{", "{\"priority\": 7, \"nested\": {\"version\": [2]}, \"none\": null, ");
    assertThat(JobCodec.decode(newer)).isEqualTo(UNSIGNED_JOB);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"version\": 1 | \"version\": 2 | its version is not 1",
        "\"version\": 1 | \"version\": 0 | its version is not 1",
        "\"version\": 1 | \"version\": \"1\" | version is not a whole number",
        "\"version\": 1 | \"version\": 1.5 | version is not a whole number",
        "\"version\": 1 | \"version\": 4294967297 | version is not a whole number",
        "\"version\": 1 | \"version\": null | version is not a whole number",
        "needs-signature | needs-rest | its stage is unknown",
        "needs-signature | NEEDS-SIGNATURE | its stage is unknown",
        "\"needs-signature\" | 1 | stage is not a string",
        "\"SECRET\" | 7 | message is not a string",
        "\"SECRET\" | null | message is not a string",
        "\"SECRET\" | \"\" | a field is out of its bounds",
        "id-1 | ` ` | a field is out of its bounds",
        "\"id-1\" | [\"id-1\"] | id is not a string",
        "https://example.com/? | /relative? | a field is out of its bounds",
        "https://example.com/? | https://exa mple.com/? | a field is out of its bounds",
        "https://example.com/? | https://example.com/%zz | a field is out of its bounds",
        "2026-11-23T12:00:00Z | yesterday | a time is not ISO 8601",
        "2026-11-23T12:00:00Z | 2026-13-23T12:00:00Z | a time is not ISO 8601",
        "\"2026-11-23T12:00:00Z\" | 1795435200 | acceptedAt is not a string",
        "2026-11-23T12:30:00Z | SECRET | a time is not ISO 8601",
        "\"2026-11-23T12:30:00Z\" | 7 | since is not a string",
        "2026-11-23T13:00:00Z | later | a time is not ISO 8601",
        "\"2026-11-23T13:00:00Z\" | {} | notBefore is not a string",
        "\"attempt\": 2 | \"attempt\": 0 | a field is out of its bounds",
        "\"attempt\": 2 | \"attempt\": -1 | a field is out of its bounds",
        "\"attempt\": 2 | \"attempt\": \"2\" | attempt is not a whole number",
        "\"attempt\": 2 | \"attempt\": 2.5 | attempt is not a whole number",
        "\"attempt\": 2 | \"attempt\": 4294967298 | attempt is not a whole number",
        "\"attempt\": 2 | \"attempt\": true | attempt is not a whole number",
      })
  void aMalformedFieldIsNamedButNotQuoted(String valid, String invalid, String error) {
    assertThat(UNSIGNED).contains(valid);
    assertMalformed(UNSIGNED.replace(valid, invalid), error);
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "stage", "message", "id", "acceptedAt", "attempt", "since"})
  void aMissingFieldIsNamed(String field) {
    assertMalformed(UNSIGNED.replace('"' + field + '"', "\"other\""), field + " is missing");
  }

  /** Release 0.2.0 writes the grant that a job waits for, and the grants that it missed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"grant\": {\"id\": \"g\", \"from\": " + TIME + ", \"until\": " + TIME + "}",
        "\"grant\": null",
        "\"misses\": 3",
        "\"misses\": \"SECRET\"",
      })
  void theGrantOfAnotherReleaseIsIgnored(String field) {
    assertThat(JobCodec.decode(UNSIGNED.replace("{", "{" + field + ", "))).isEqualTo(UNSIGNED_JOB);
  }

  @ParameterizedTest
  @CsvSource({
    "validUntil, \"SECRET\", a time is not ISO 8601",
    "validUntil, \"+1000000000-12-31T23:59:59Z\", validUntil is out of range",
    "client, 7, client is not a string",
  })
  void aMalformedOptionalFieldIsRefused(String field, String value, String error) {
    assertMalformed(SIGNED.replace("{", "{\"" + field + "\": " + value + ", "), error);
  }

  @Test
  void aJobThatNeedsACallbackMustHaveASignature() {
    assertMalformed(SIGNED.replace("\"signature\"", "\"message\""), "signature is missing");
    assertMalformed(SIGNED.replace("\"SECRET\"", "\"\""), "a field is out of its bounds");
  }

  @Test
  void aJobThatNeedsACallbackMustHaveTheNumberOfItsCalls() {
    assertMalformed(SIGNED.replace("\"calls\"", "\"other\""), "calls is missing");
    assertMalformed(
        SIGNED.replace("\"calls\": 3", "\"calls\": -1"), "a field is out of its bounds");
    assertMalformed(
        SIGNED.replace("\"calls\": 3", "\"calls\": 1.5"), "calls is not a whole number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"SECRET", "{SECRET", "{\"SECRET\": 1", "\"SECRET", "{'a': 'SECRET'}"})
  void textThatIsNotJsonIsNotQuoted(String text) {
    assertMalformed(text, "it is not JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {" {}", "x", "]", "SECRET"})
  void textAfterAJobIsRefused(String trailing) {
    assertMalformed(UNSIGNED + trailing, "it is not JSON");
  }

  @Test
  void deepNestingIsRefused() {
    assertMalformed("[".repeat(100_000) + "]".repeat(100_000), "it is not JSON");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "[]", "[1]", "{}", "7", "true", "\"SECRET\""})
  void jsonThatIsNotAnObjectWithAVersionIsRefused(String text) {
    assertMalformed(text, "version is missing");
  }

  private static void assertMalformed(String text, String error) {
    assertThatExceptionOfType(MalformedJobException.class)
        .isThrownBy(() -> JobCodec.decode(text))
        .withMessage(error)
        .withNoCause();
  }
}
