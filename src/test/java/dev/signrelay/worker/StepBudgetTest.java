package dev.signrelay.worker;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.FakeTime;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StepBudgetTest {

  private static final Instant NOW = FakeTime.START;

  @ParameterizedTest
  @CsvSource({
    "30000, 2000, 10000, 7000", // the limits
    "13000, 2000, 10000, 7000",
    "12999, 2000, 9999, 7000", // 3 s are reserved for the queue
    "9999, 2000, 6999, 6999",
    "4999, 1999, 1999, 1999",
    "3000, 0, 0, 0",
    "2000, -1000, -1000, -1000",
  })
  void everyCallHasItsLimitOrTheTimeThatIsLeft(
      long millisLeft, long limiter, long upstream, long callback) {
    StepBudget budget = budget(millisLeft);

    assertThat(budget.limiterTimeout(NOW)).isEqualTo(ofMillis(limiter));
    assertThat(budget.upstreamTimeout(NOW)).isEqualTo(ofMillis(upstream));
    assertThat(budget.callbackTimeout(NOW)).isEqualTo(ofMillis(callback));
    assertThat(budget.queueTimeout(NOW)).isEqualTo(ofMillis(millisLeft));
  }

  @ParameterizedTest
  @CsvSource({
    "4000, false, true",
    "3999, false, false", // a delivery needs a second
    "3001, false, false",
    "3000, true, false",
    "0, true, false",
  })
  void aStepNeedsTimeToBeginAndToContinueWithADelivery(
      long millisLeft, boolean spent, boolean allowsDelivery) {
    assertThat(budget(millisLeft).isSpent(NOW)).isEqualTo(spent);
    assertThat(budget(millisLeft).allowsDelivery(NOW)).isEqualTo(allowsDelivery);
  }

  private static StepBudget budget(long millisLeft) {
    return new StepBudget(NOW.plusMillis(millisLeft), ofSeconds(10), ofSeconds(7));
  }
}
