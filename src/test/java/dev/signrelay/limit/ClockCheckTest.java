package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.limit.ClockCheck.WrongClockException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ClockCheckTest {

  private static final String DATE = "Mon, 23 Nov 2026 12:00:00 GMT";
  private static final Instant T = Instant.parse("2026-11-23T12:00:00Z");

  /** The server's time was at most 12:00:01, and at least 12:00:00. */
  @Test
  void aClockMayBeTwoSecondsAheadOrBehind() {
    assertPasses(T, T);
    assertPasses(T.plusSeconds(3), T.plusSeconds(3));
    assertPasses(T.minusSeconds(2), T.minusSeconds(2));
  }

  @Test
  void aClockThatIsCertainlyMoreThanTwoSecondsAheadIsWrong() {
    assertIsWrong(T.plusSeconds(3).plusNanos(1), T.plusSeconds(3).plusNanos(1));
    assertIsWrong(T.plus(Duration.ofHours(1)), T.plus(Duration.ofHours(1)));
  }

  @Test
  void aClockThatIsCertainlyMoreThanTwoSecondsBehindIsWrong() {
    assertIsWrong(T.minusSeconds(2).minusNanos(1), T.minusSeconds(2).minusNanos(1));
    assertIsWrong(T.minus(Duration.ofHours(1)), T.minus(Duration.ofHours(1)));
  }

  /** The server read its clock at any time between the request and the response. */
  @Test
  void aSlowRequestIsNotMistakenForAWrongClock() {
    assertPasses(T.minusSeconds(9), T);
    assertPasses(T, T.plusSeconds(9));
    assertIsWrong(T.minusSeconds(9), T.minusSeconds(3));
    assertIsWrong(T.plusSeconds(4), T.plusSeconds(9));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "12:00",
        "1795435200",
        "2026-11-23T12:00:00Z",
        "Mon, 32 Nov 2026 12:00:00 GMT",
        "Tue, 23 Nov 2026 12:00:00 GMT"
      })
  void anAbsentOrMalformedHeaderPasses(@Nullable String date) {
    assertThatCode(() -> ClockCheck.require(Instant.EPOCH, Instant.EPOCH, date))
        .doesNotThrowAnyException();
  }

  private static void assertPasses(Instant sent, Instant received) {
    assertThatCode(() -> ClockCheck.require(sent, received, DATE)).doesNotThrowAnyException();
  }

  private static void assertIsWrong(Instant sent, Instant received) {
    assertThatThrownBy(() -> ClockCheck.require(sent, received, DATE))
        .isInstanceOf(WrongClockException.class)
        .hasMessage("this process's clock differs from the table's by more than 2 s");
  }
}
