package dev.signrelay.retry;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.testing.FakeTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StepBudgetTest {

  private static final Instant NOW = FakeTime.START;

  @Test
  void threeSecondsAreReservedForTheQueue() {
    assertThat(budget(30_000).signing(ofSeconds(3), ofSeconds(10)))
        .isEqualTo(new SigningTimeouts(NOW.plusSeconds(27), ofSeconds(3), ofSeconds(10)));
  }

  @ParameterizedTest
  @CsvSource({"30000, 7000", "10000, 7000", "9999, 6999", "3000, 0", "2000, -1000"})
  void theTimeoutOfADeliveryIsItsMaximumOrTheRemainingTime(long millisLeft, long callback) {
    assertThat(budget(millisLeft).callbackTimeout(ofSeconds(7), NOW)).isEqualTo(ofMillis(callback));
  }

  @ParameterizedTest
  @CsvSource({
    "30000, false",
    "3001, false",
    "3000, true",
    "0, true",
    "-1, true",
  })
  void aStepBeginsOnlyBeforeTheTimeOfTheQueue(long millisLeft, boolean spent) {
    assertThat(budget(millisLeft).isSpent(NOW)).isEqualTo(spent);
  }

  private static StepBudget budget(long millisLeft) {
    return new StepBudget(NOW.plusMillis(millisLeft));
  }
}
