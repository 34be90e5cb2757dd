package dev.signrelay.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.ResultOrRule;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdempotencyKeyTest {

  private static final IdempotencyKey KEY = new IdempotencyKey("8e03978e-40d5-43e8-bc93");
  private static final URI URL = URI.create("https://receiver.example/");
  private static final String RULE =
      "Idempotency-Key must be one key of 1 to 255 visible ASCII characters without comma, quote"
          + " and backslash";

  @ParameterizedTest
  @CsvSource({
    "a, a",
    "\"a\", a",
    "' 8e03978e-40d5 ', 8e03978e-40d5",
    "!#~/=;:., !#~/=;:.",
  })
  void aKeyMayBeQuoted(String header, String value) {
    assertThat(parse(header)).isEqualTo(new IdempotencyKey(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\"\"",
        "\"",
        "a b",
        "\"a",
        "a\"",
        "a,b",
        "\"a\", \"b\"",
        "a\\",
        "\"a\";p=1",
        "ä",
        "a\u0000"
      })
  void aKeyThatBreaksTheRuleIsRefused(String header) {
    assertThat(parse(header)).isEqualTo(RULE);
  }

  @Test
  void aKeyHasAtMost255Characters() {
    assertThat(parse("k".repeat(255))).isInstanceOf(IdempotencyKey.class);
    assertThat(parse("\"" + "k".repeat(255) + "\"")).isInstanceOf(IdempotencyKey.class);
    assertThat(parse("k".repeat(256))).isEqualTo(RULE);
  }

  /** The ids must be the same in every release, as long as a key is remembered. */
  @Test
  void theIdOfTheJobIsAUuidOfVersion8() {
    UUID id = UUID.fromString(KEY.jobId("client"));

    assertThat(id.version()).isEqualTo(8);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id).hasToString("5f3c7631-4da1-8c53-94ee-a9397a7d12ec");
  }

  @Test
  void eachClientHasItsOwnKeys() {
    assertThat(
            List.of(
                KEY.jobId(""),
                KEY.jobId("client"),
                new IdempotencyKey(KEY.value() + "0").jobId("client"),
                new IdempotencyKey("t" + KEY.value()).jobId("clien")))
        .doesNotHaveDuplicates();
  }

  @Test
  void theFingerprintDistinguishesWhatIsRequested() {
    assertThat(
            List.of(
                fingerprint("m", null, null, false),
                fingerprint("n", null, null, false),
                fingerprint("m", null, null, true),
                fingerprint("m", null, Duration.ofSeconds(1), false),
                fingerprint("m", null, Duration.ofSeconds(2), false),
                fingerprint("m", URL, null, false),
                fingerprint("m", URI.create(URL + "a"), null, false),
                fingerprint("m" + URL, null, null, false)))
        .doesNotHaveDuplicates();
    assertThat(fingerprint("m", URL, null, true)).isEqualTo(fingerprint("m", URL, null, true));
  }

  /** The fingerprint is stored. A message that can be guessed is not told by it. */
  @Test
  void theFingerprintOfAMessageDependsOnTheKey() {
    var request = new SignRequest("m", null, null);

    assertThat(KEY.fingerprint(request, false))
        .isNotEqualTo(new IdempotencyKey("other").fingerprint(request, false));
  }

  private static Object parse(String header) {
    return ResultOrRule.of(() -> IdempotencyKey.parse(header));
  }

  private static String fingerprint(
      String message, @Nullable URI url, @Nullable Duration validFor, boolean respondAsync) {
    return KEY.fingerprint(new SignRequest(message, url, validFor), respondAsync);
  }
}
