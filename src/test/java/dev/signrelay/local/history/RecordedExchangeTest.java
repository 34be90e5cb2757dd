package dev.signrelay.local.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RecordedExchangeTest {

  private static final Instant START = Instant.parse("2026-11-28T12:00:00Z");

  @Test
  void theKeyOfTheClientIsNotKept() {
    JobEvent event = recorded(Map.of("x-api-key", "secret", "authorization", "secret"), "");

    assertThat(event.line()).doesNotContain("secret").contains("YOUR_KEY");
  }

  /** The command that repeats it would not be the same request otherwise. */
  @Test
  void theLongestBodyThatIsValidIsKeptAsAWholeAndALongerOneIsCut() {
    String body = "{\"message\":\"hello\"}" + " ".repeat(65_536 - 19);

    assertThat(recorded(Map.of(), body).text("body")).isEqualTo(body);
    assertThat(recorded(Map.of(), body.repeat(3)).text("body")).hasSizeLessThan(80_000);
  }

  private static JobEvent recorded(Map<String, String> headers, String body) {
    return new RecordedExchange("POST", "/crypto/sign", headers, body, 200)
        .request(Map.of("x-request-id", "id"), "{}", START, START.plusMillis(7));
  }
}
