package dev.signrelay.sign;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.attempt.SigningTimeouts;
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
    "1700, 1700", // the whole start of the function counts
    "30000, 30000",
    "30001, 0", // older than any request: a sample event
    "-1, 0", // in the future: clock skew
  })
  void theBudgetBeginsWhenApiGatewayReceivedTheRequest(long ageMillis, long elapsedMillis) {
    assertThat(ResponseBudget.of(NOW.minusMillis(ageMillis), NOW))
        .isEqualTo(new ResponseBudget(NOW.minusMillis(elapsedMillis)));
  }

  /** The queue has 400 ms after the slowest attempt to sign. */
  @Test
  void theTimeIsSplitBetweenLimiterUpstreamAndQueue() {
    assertThat(new ResponseBudget(NOW).signing(ofMillis(1_500)))
        .isEqualTo(new SigningTimeouts(NOW.plusMillis(1_450), ofMillis(700), ofMillis(1_500)));
  }

  /** After a slow start as well: without the keys no request is admitted. */
  @ParameterizedTest
  @CsvSource({"0, 500", "950, 500", "951, 499", "1200, 250", "1201, 250", "30000, 250"})
  void theClientKeysHaveAtMostHalfASecond(long elapsedMillis, long timeoutMillis) {
    assertThat(new ResponseBudget(NOW).keysTimeout(NOW.plusMillis(elapsedMillis)))
        .isEqualTo(ofMillis(timeoutMillis));
  }

  /** As the keys: without a reservation no request with an {@code Idempotency-Key} is answered. */
  @ParameterizedTest
  @CsvSource({"0, 400", "900, 400", "901, 399", "1050, 250", "1051, 250", "30000, 250"})
  void aReservationHasAtMost400Milliseconds(long elapsedMillis, long timeoutMillis) {
    assertThat(
            new ResponseBudget(NOW)
                .withRecord(false)
                .reservationTimeout(NOW.plusMillis(elapsedMillis)))
        .isEqualTo(ofMillis(timeoutMillis));
  }

  /** The record has 150 ms after the slowest send, so that the answer is in time. */
  @ParameterizedTest
  @CsvSource({"0, 1700, 1850", "1300, 400, 550", "1301, 400, 549", "1700, 400, 150"})
  void theQueueLeavesTimeForTheRecord(long elapsedMillis, long sendMillis, long recordMillis) {
    ResponseBudget budget = new ResponseBudget(NOW).withRecord(false);
    Instant now = NOW.plusMillis(elapsedMillis);

    assertThat(budget.signing(ofMillis(1_500)).deadline()).isEqualTo(NOW.plusMillis(1_300));
    assertThat(budget.sendTimeout(now)).isEqualTo(ofMillis(sendMillis));
    assertThat(budget.recordTimeout(now)).isEqualTo(ofMillis(recordMillis));
  }

  @ParameterizedTest
  @CsvSource({"0, 1850", "1449, 401", "1450, 400", "1451, 400", "1850, 400", "30000, 400"})
  void aSendHasTheTimeThatIsLeftAndAtLeast400Milliseconds(long elapsedMillis, long timeoutMillis) {
    assertThat(new ResponseBudget(NOW).sendTimeout(NOW.plusMillis(elapsedMillis)))
        .isEqualTo(ofMillis(timeoutMillis));
  }

  @ParameterizedTest
  @CsvSource({"0, 700", "1000, 700", "1001, 699", "1700, 0", "1800, -100"})
  void aNoteOfTheLineLeavesTimeForTheRecord(long elapsedMillis, long timeoutMillis) {
    assertThat(new ResponseBudget(NOW).withRecord(false).noteTimeout(NOW.plusMillis(elapsedMillis)))
        .isEqualTo(ofMillis(timeoutMillis));
  }

  @ParameterizedTest
  @CsvSource({"0, 1850", "1699, 151", "1700, 150", "1701, 150", "30000, 150"})
  void aRecordHasTheTimeThatIsLeftAndAtLeast150Milliseconds(
      long elapsedMillis, long timeoutMillis) {
    assertThat(new ResponseBudget(NOW).recordTimeout(NOW.plusMillis(elapsedMillis)))
        .isEqualTo(ofMillis(timeoutMillis));
  }

  /** Not even the slowest upstream leaves less: with a client's quota its call ends earlier. */
  @ParameterizedTest
  @CsvSource({"0, 400", "900, 400", "901, 399", "1149, 151", "1150, 150", "30000, 150"})
  void aQuotaHasTheTimeThatIsLeftAndAtLeast150Milliseconds(long elapsedMillis, long timeoutMillis) {
    ResponseBudget budget = new ResponseBudget(NOW).withRecord(true);

    assertThat(budget.signing(ofMillis(1_500)).deadline()).isEqualTo(NOW.plusMillis(1_150));
    assertThat(budget.quotaTimeout(NOW.plusMillis(elapsedMillis)))
        .isEqualTo(ofMillis(timeoutMillis));
  }
}
