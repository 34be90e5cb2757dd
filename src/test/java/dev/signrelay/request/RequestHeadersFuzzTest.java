package dev.signrelay.request;

import static dev.signrelay.testing.Fuzz.FUNCTION_CASES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Fuzz;
import dev.signrelay.testing.HostileText;
import dev.signrelay.testing.ResultOrRule;
import org.junit.jupiter.api.Test;

/** Any {@code Idempotency-Key} is a key or refused, and any {@code Prefer} says yes or no. */
public final class RequestHeadersFuzzTest {

  @Test
  void anyHeaderIsReadOrRefused() {
    Fuzz.check(
        FUNCTION_CASES,
        in -> HostileText.damaged(in, in.oneOf("\"key\"", "a, respond-async; b=\"c\", d=e")),
        RequestHeadersFuzzTest::check);
  }

  /** The header is read by its rule, whichever of the two it is. */
  public static void check(String header) {
    switch (ResultOrRule.of(() -> IdempotencyKey.parse(header))) {
      case IdempotencyKey key -> keepsTheRule(key);
      case Object rule -> assertThat(rule.toString()).startsWith("Idempotency-Key must be ");
    }
    boolean preferred = PreferHeader.respondAsync(header);
    assertThat(PreferHeader.respondAsync("a=\"\\\",\", " + header)).isEqualTo(preferred);
    // Of a preference that is given twice, the first one counts (RFC 7240, 2).
    assertThat(PreferHeader.respondAsync("respond-async, " + header)).isTrue();
    assertThat(PreferHeader.respondAsync("Respond-Async=no," + header)).isFalse();
  }

  private static void keepsTheRule(IdempotencyKey key) {
    assertThat(key.value()).matches("[!-~]{1,255}").doesNotContain(",", "\"", "\\");
    assertThat(ResultOrRule.of(() -> IdempotencyKey.parse(key.value()))).isEqualTo(key);
    assertThat(ResultOrRule.of(() -> IdempotencyKey.parse(" \"" + key.value() + "\"")))
        .isEqualTo(key);
    assertThat(key.jobId("client"))
        .matches("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
        .isNotEqualTo(key.jobId("other"));
  }
}
