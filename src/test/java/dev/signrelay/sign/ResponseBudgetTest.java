package dev.signrelay.sign;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.signing.SigningTimeouts;
import dev.signrelay.testing.FakeTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResponseBudgetTest {

  private static final Instant NOW = FakeTime.START;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "900, 900",
    "1000, 1000",
    "1001, 1000", // a cold start counts as at most a second
    "30000, 1000",
    "30001, 0", // older than any request: a sample event
    "-1, 0", // in the future: clock skew
  })
  void theBudgetBeginsWhenApiGatewayReceivedTheRequest(long ageMillis, long elapsedMillis) {
    assertThat(ResponseBudget.of(NOW.minusMillis(ageMillis), NOW))
        .extracting(ResponseBudget::start)
        .isEqualTo(NOW.minusMillis(elapsedMillis));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1001, 1001", "30000, 30000", "30001, 0", "-1, 0"})
  void theTimeOfReceiptIsKeptUnlessItIsImplausible(long ageMillis, long keptMillis) {
    assertThat(ResponseBudget.of(NOW.minusMillis(ageMillis), NOW).received())
        .isEqualTo(NOW.minusMillis(keptMillis));
  }

  /** The queue has 400 ms after the slowest attempt to sign. */
  @Test
  void theTimeIsSplitBetweenLimiterUpstreamAndQueue() {
    var budget = new ResponseBudget(NOW, NOW);

    assertThat(budget.signing(ofMillis(1_500)))
        .isEqualTo(new SigningTimeouts(NOW.plusMillis(1_450), ofMillis(700), ofMillis(1_500)));
    assertThat(budget.deadline()).isEqualTo(NOW.plusMillis(1_850));
  }
}
