package dev.signrelay.queue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
  void bothStagesAreDecodedAsTheyWereEncoded() {
    for (Instant notBefore : new @Nullable Instant[] {null, LATER}) {
      for (int attempt : new int[] {1, 20, Integer.MAX_VALUE}) {
        assertRoundTrip(new NeedsSignature(ACCEPTANCE, "message", attempt, notBefore));
        assertRoundTrip(new NeedsCallback(ACCEPTANCE, "signature", attempt, notBefore));
      }
    }
  }

  /** Functions of the previous and the next release read it. */
  @Test
  void theFormatIsThatOfVersion1() {
    assertThat(JobCodec.encode(new NeedsSignature(ACCEPTANCE, "a", 2, LATER)))
        .isEqualTo(
            """
            {"version":1,"stage":"needs-signature","message":"a","id":"id-1",\
            "callbackUrl":"https://example.com:8443/hook?a=%2F&b=%22+",\
            "acceptedAt":"2026-11-23T12:00:00.123456789Z","attempt":2,\
            "since":"2026-11-23T12:00:00.123456789Z","notBefore":"2026-11-23T13:00:00.500Z"}""");
    assertThat(JobCodec.encode(new NeedsCallback(ACCEPTANCE, "b", 1, null)))
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

  @Test
  void whatTheClientAskedForIsDecodedAsItWasEncodedAndNotWrittenOtherwise() {
    var wanted = new Acceptance("id-1", null, NOW, LATER, "key-0123456789abcdef");

    assertRoundTrip(new NeedsSignature(wanted, "message", 2, null, LATER));
    assertRoundTrip(new NeedsCallback(wanted, "signature", 2, null, LATER, 7));
    assertThat(JobCodec.encode(NeedsSignature.first(ACCEPTANCE, "a")))
        .doesNotContain("validUntil", "client");
    assertThat(
            JobCodec.encode(NeedsSignature.first(new Acceptance("id-1", null, NOW, null, ""), "a")))
        .doesNotContain("callbackUrl");
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
            new NeedsSignature(ACCEPTANCE, text, 1, null),
            new NeedsCallback(ACCEPTANCE, text, 1, null))) {
      assertThat(JobCodec.encode(job)).matches("[ -~]+");
      assertRoundTrip(job);
    }
  }

  @ParameterizedTest
  @CsvSource({"U+0001, 1", "U+00E9, 2", "U+FFFF, 3", "U+1F511, 4", "quote, 1"})
  void theLongestMessageAndSignatureStayWithinTheirDocumentedSizes(String character, int bytes) {
    String one =
        character.equals("quote")
            ? "\""
            : Character.toString(Integer.parseInt(character.substring(2), 16));
    assertThat(one.getBytes(UTF_8)).hasSize(bytes);
    var unsigned = new NeedsSignature(ACCEPTANCE, one.repeat(4 * KIB / bytes), 1, LATER);
    var signed = new NeedsCallback(ACCEPTANCE, one.repeat(16 * KIB / bytes), 1, LATER);

    assertThat(JobCodec.encode(unsigned).length() - overhead(unsigned))
        .isLessThanOrEqualTo(24 * KIB);
    assertThat(JobCodec.encode(signed).length() - overhead(signed)).isLessThanOrEqualTo(96 * KIB);
  }

  @Test
  void theLargestJobStaysFarBelowTheLimitOfTheQueue() {
    // 2,048 characters, nearly all of which are percent-encoded to nine
    String url = "https://example.com/" + "%E2%82%AC".repeat(2_028);
    var job =
        new NeedsCallback(
            new Acceptance("id-1", URI.create(url), NOW), "\u0001".repeat(16 * KIB), 1, LATER);

    assertThat(JobCodec.encode(job).length()).isBetween(96 * KIB, 128 * KIB);
    assertRoundTrip(job);
  }

  private static int overhead(Job job) {
    Job small =
        switch (job) {
          case NeedsSignature j -> new NeedsSignature(j.acceptance(), "a", 1, j.notBefore());
          case NeedsCallback j -> new NeedsCallback(j.acceptance(), "a", 1, j.notBefore());
        };
    return JobCodec.encode(small).length() - 1;
  }

  private static void assertRoundTrip(Job job) {
    assertThat(JobCodec.decode(JobCodec.encode(job))).isEqualTo(job);
  }
}
