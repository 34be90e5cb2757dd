package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.limit.ClockCheck.WrongClockException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server read its clock at any time between the request and the response. */
final class ClockCheckTest {

  private static final String DATE = "Mon, 23 Nov 2026 12:00:00 GMT";
  private static final Instant T = Instant.parse("2026-11-23T12:00:00Z");

  /** The server's time was at least 12:00:00, and before 12:00:01. */
  @ParameterizedTest
  @CsvSource({"0, 0", "3, 3", "-2, -2", "-9, 0", "0, 9", "-9, 9"})
  void aClockMayBeTwoSecondsAheadOrBehind(int sent, int received) {
    assertThatCode(() -> ClockCheck.require(T.plusSeconds(sent), T.plusSeconds(received), DATE))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"4, 4", "4, 9", "3600, 3600", "-3, -3", "-9, -3", "-3600, -3600"})
  void aClockThatIsCertainlyFartherAheadOrBehindIsWrong(int sent, int received) {
    assertIsWrong(T.plusSeconds(sent), T.plusSeconds(received));
  }

  @Test
  void theBoundsAreExact() {
    assertIsWrong(T.plusSeconds(3).plusNanos(1), T.plusSeconds(3).plusNanos(1));
    assertIsWrong(T.minusSeconds(2).minusNanos(1), T.minusSeconds(2).minusNanos(1));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "12:00", "1795435200", "Mon, 32 Nov 2026 12:00:00 GMT"})
  void anAbsentOrMalformedHeaderPasses(@Nullable String date) {
    assertThatCode(() -> ClockCheck.require(Instant.EPOCH, Instant.EPOCH, date))
        .doesNotThrowAnyException();
  }

  private static void assertIsWrong(Instant sent, Instant received) {
    assertThatThrownBy(() -> ClockCheck.require(sent, received, DATE))
        .isInstanceOf(WrongClockException.class)
        .hasMessage("this process's clock differs from the table's by more than 2 s");
  }
}
