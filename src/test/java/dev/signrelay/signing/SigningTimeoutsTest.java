package dev.signrelay.signing;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.FakeTime;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SigningTimeoutsTest {

  @ParameterizedTest
  @CsvSource({
    "2000, 700, 1500",
    "1499, 700, 1499",
    "700, 700, 700",
    "699, 699, 699",
    "0, 0, 0",
    "-1, -1, -1",
  })
  void theTimeoutOfACallIsItsMaximumOrTheRemainingTime(
      long millisLeft, long limiter, long upstream) {
    Instant now = FakeTime.START;
    var timeouts = new SigningTimeouts(now.plusMillis(millisLeft), ofMillis(700), ofMillis(1_500));

    assertThat(timeouts.limiter(now)).isEqualTo(ofMillis(limiter));
    assertThat(timeouts.upstream(now)).isEqualTo(ofMillis(upstream));
  }
}
