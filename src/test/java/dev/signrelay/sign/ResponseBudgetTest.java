package dev.signrelay.sign;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ResponseBudgetTest {

  private static final Instant NOW = FakeTime.START;

  private final FakeTime time = new FakeTime();

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
    assertThat(ResponseBudget.of(NOW.minusMillis(ageMillis), time).received())
        .isEqualTo(NOW.minusMillis(elapsedMillis));
  }

  /** The queue has 400 ms after the slowest attempt to sign, then the record has 150 ms. */
  @Test
  void anAttemptLeavesTimeForTheQueueTheRecordAndTheQuota() {
    ResponseBudget budget = ResponseBudget.of(NOW, time);
    assertThat(budget.signing(ofMillis(1_500)))
        .isEqualTo(new SigningTimeouts(NOW.plusMillis(1_450), ofMillis(700), ofMillis(1_500)));
    assertThat(budget.withRecord(false).signing(ofMillis(1_500)).deadline())
        .isEqualTo(NOW.plusMillis(1_300));
    assertThat(budget.withRecord(true).signing(ofMillis(1_500)).deadline())
        .isEqualTo(NOW.plusMillis(1_150));
  }

  /** Each pair is the time since the request was received and the timeout, in milliseconds. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # Without the keys, or a reservation, no request is answered, also after a slow start.
          keys             | 0 500, 950 500, 951 499, 1200 250, 1201 250, 30000 250
          reservation      | 0 400, 900 400, 901 399, 1050 250, 1051 250, 30000 250
          # Not even the slowest upstream leaves less: with a quota its call ends earlier.
          quota            | 0 400, 900 400, 901 399, 1149 151, 1150 150, 30000 150
          send             | 0 1850, 1449 401, 1450 400, 1451 400, 1850 400, 30000 400
          send with record | 0 1700, 1300 400, 1301 400, 1700 400
          note             | 0 700, 1000 700, 1001 699, 1700 0, 1800 -100
          record           | 0 1850, 1300 550, 1301 549, 1699 151, 1700 150, 1701 150, 30000 150
          """)
  void eachPartHasTheTimeThatIsLeftWithinItsBounds(String part, String pairs) {
    for (String pair : pairs.split(", ")) {
      String[] numbers = pair.split(" ");
      var time = new FakeTime();
      time.advance(ofMillis(Long.parseLong(numbers[0])));
      assertThat(timeout(part, time)).as(pair).isEqualTo(ofMillis(Long.parseLong(numbers[1])));
    }
  }

  private static Duration timeout(String part, TimeSource time) {
    var budget = new ResponseBudget(time, NOW, Duration.ZERO, Duration.ZERO);
    ResponseBudget recorded = budget.withRecord(false);
    return switch (part) {
      case "keys" -> budget.keysTimeout();
      case "reservation" -> recorded.reservationTimeout();
      case "quota" -> budget.withRecord(true).quotaTimeout();
      case "send" -> budget.sendTimeout();
      case "send with record" -> recorded.sendTimeout();
      case "note" -> recorded.noteTimeout();
      case "record" -> recorded.recordTimeout();
      default -> throw new AssertionError(part);
    };
  }
}
