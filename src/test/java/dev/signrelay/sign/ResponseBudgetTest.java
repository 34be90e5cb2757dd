package dev.signrelay.sign;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.FakeTime;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResponseBudgetTest {

  private static final Instant NOW = FakeTime.START;

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "900, 900",
    "1000, 1000",
    "1001, 1000", // a slow start takes a second at the most
    "30000, 1000",
    "30001, 0", // older than any request: a sample event
    "-1, 0", // in the future: a sample event
  })
  void theBudgetBeginsWhenApiGatewayReceivedTheRequest(long ageMillis, long elapsedMillis) {
    var budget = ResponseBudget.of(NOW.minusMillis(ageMillis), NOW, ofMillis(1_500));

    assertThat(budget)
        .isEqualTo(new ResponseBudget(NOW.minusMillis(elapsedMillis), ofMillis(1_500)));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 700, 1450, 1850",
    "750, 700, 700, 1100",
    "751, 699, 699, 1099",
    "1450, 0, 0, 400", // the queue has 400 ms after the slowest upstream
    "1850, -400, -400, 0",
  })
  void theTimeIsSplitBetweenLimiterUpstreamAndQueue(
      long elapsedMillis, long limiter, long upstream, long queue) {
    var budget = new ResponseBudget(NOW, ofMillis(1_500));
    Instant now = NOW.plusMillis(elapsedMillis);

    assertThat(budget.limiterTimeout(now)).isEqualTo(ofMillis(limiter));
    assertThat(budget.upstreamTimeout(now)).isEqualTo(ofMillis(upstream));
    assertThat(budget.queueTimeout(now)).isEqualTo(ofMillis(queue));
  }

  @ParameterizedTest
  @CsvSource({"0, 750", "700, 750", "701, 749"})
  void anUpstreamCallTakesNoLongerThanItsSetting(long elapsedMillis, long upstream) {
    var budget = new ResponseBudget(NOW, ofMillis(750));

    assertThat(budget.upstreamTimeout(NOW.plusMillis(elapsedMillis))).isEqualTo(ofMillis(upstream));
  }
}
