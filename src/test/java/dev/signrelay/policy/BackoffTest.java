package dev.signrelay.policy;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BackoffTest {

  private static final double ALMOST_ONE = Math.nextDown(1.0);
  private static final double[] RANDOMS = {0, Double.MIN_VALUE, 0.1, 0.25, 0.5, 0.75, ALMOST_ONE};

  private final Backoff backoff = new Backoff(ofSeconds(20), ofSeconds(900));

  @ParameterizedTest
  @CsvSource({
    "1, 0, 20",
    "1, 0.1, 22",
    "1, 0.9, 38",
    "2, 0, 40",
    "3, 0.5, 120",
    "5, 0.75, 560",
    "6, 0.25, 800",
    "6, 0.5, 900", // capped
  })
  void aDelayLiesInAnIntervalThatDoublesWithEachAttempt(int attempt, double random, long seconds) {
    assertThat(backoff.delayAfter(attempt, random)).isEqualTo(ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 31, 32, 33, 64, 65, 1_000, 1_000_000, Integer.MAX_VALUE})
  void aDelayIsCappedAtTheLongest(int attempt) {
    assertThat(backoff.delayAfter(attempt, 0)).isEqualTo(ofSeconds(900));
    assertThat(backoff.delayAfter(attempt, ALMOST_ONE)).isEqualTo(ofSeconds(900));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 86400", "20, 900", "7, 1000", "900, 900", "900, 86400"})
  void noJitterMakesADelayShorterThanThePreviousOne(long base, long max) {
    var any = new Backoff(ofSeconds(base), ofSeconds(max));
    for (int attempt = 1; attempt < 100; attempt++) {
      for (double before : RANDOMS) {
        for (double after : RANDOMS) {
          assertThat(any.delayAfter(attempt + 1, after))
              .as("after attempt %s: %s then %s", attempt, before, after)
              .isBetween(any.delayAfter(attempt, before), ofSeconds(max));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 20",
    "20, 0, 20",
    "21, 0, 21",
    "901, 0, 901", // more than the longest delay
    "86401, 0, 86401",
    "30, 0.5, 30", // no more than the backoff
    "31, 0.5, 41",
    "895, 0.5, 905",
    "3600, 0.25, 3605",
  })
  void aRetryAfterIsFollowedSpreadOverAsMuchAsTheBaseAndNeverShortensTheBackoff(
      long retryAfter, double random, long seconds) {
    assertThat(backoff.delayAfter(1, random, ofSeconds(retryAfter))).isEqualTo(ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT1S, base must be more than zero",
    "PT-1S, PT1S, base must be more than zero",
    "PT20S, PT19.999S, max must be at least base",
  })
  void theBaseIsPositiveAndTheLongestDelayIsNotShorter(Duration base, Duration max, String error) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Backoff(base, max))
        .withMessage(error);
  }
}
