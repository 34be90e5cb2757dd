package dev.signrelay.attempt;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.testing.FakeTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SigningTimeoutsTest {

  private static final Instant NOW = FakeTime.START;

  @ParameterizedTest
  @CsvSource({
    "2000, 700, 1500, true",
    "1499, 700, 1499, true",
    "699, 699, 699, true",
    "250, 250, 250, true",
    "249, 249, 249, false",
    "-1, -1, -1, false",
  })
  void theTimeoutOfACallIsItsMaximumOrTheRemainingTime(
      long millisLeft, long limiter, long upstream, boolean allowed) {
    SigningTimeouts timeouts = timeouts(millisLeft);

    assertThat(timeouts.limiter(NOW)).isEqualTo(ofMillis(limiter));
    assertThat(timeouts.upstream(NOW, grantIn(0))).isEqualTo(ofMillis(upstream));
    assertThat(timeouts.allowCall(NOW)).isEqualTo(allowed);
  }

  /** A cache that hangs takes half of the limiter's time. */
  @ParameterizedTest
  @CsvSource({"2000, 350", "350, 350", "349, 349", "0, 0", "-1, -1"})
  void aRequestToTheCacheHasHalfOfTheLimitersTimeOrTheRemainingTime(
      long millisLeft, long cacheMillis) {
    assertThat(timeouts(millisLeft).cache(NOW)).isEqualTo(ofMillis(cacheMillis));
  }

  @Test
  void aStoreIsReservedAndALeaseOutlivesTheDeadline() {
    assertThat(timeouts(1_450).beforeStore()).isEqualTo(timeouts(1_350));
    assertThat(timeouts(1_450).leaseEnd(NOW)).isEqualTo(NOW.plusMillis(3_450));
  }

  /** The time of the call itself begins with the grant. */
  @ParameterizedTest
  @CsvSource({
    "30000, 2000, 3500",
    "30000, -500, 1500", // the grant has begun
    "3499, 2000, 3499",
    "1000, 2000, 1000",
  })
  void aCallHasTheTimeUntilItsGrantInAdditionToItsMaximum(
      long millisLeft, long grantMillis, long upstream) {
    assertThat(timeouts(millisLeft).upstream(NOW, grantIn(grantMillis)))
        .isEqualTo(ofMillis(upstream));
  }

  @Test
  void anAttemptEndsWhenTheResultIsNoLongerWanted() {
    SigningTimeouts timeouts = timeouts(2_000);

    assertThat(timeouts.until(NOW.plusMillis(500))).isEqualTo(timeouts(500));
    assertThat(timeouts.until(NOW.plusMillis(249)).allowCall(NOW)).isFalse();
    assertThat(timeouts.until(NOW.plusMillis(2_001))).isEqualTo(timeouts);
    assertThat(timeouts.until(null)).isEqualTo(timeouts);
  }

  private static SigningTimeouts timeouts(long millisLeft) {
    return new SigningTimeouts(NOW.plusMillis(millisLeft), ofMillis(700), ofMillis(1_500));
  }

  private static Grant grantIn(long millis) {
    return new Grant("grant-1", NOW.plusMillis(millis), NOW.plusMillis(millis + 1_000));
  }
}
