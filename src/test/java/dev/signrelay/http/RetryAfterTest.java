package dev.signrelay.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two forms of {@code Retry-After} (RFC 9110, 10.2.3). */
final class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-03T11:59:30Z");

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "120, 120", "' 7 ', 7", "007, 7", "999999999, 999999999"})
  void secondsAreRead(String value, long seconds) {
    assertThat(retryAfter(value)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000000000", "9223372036854775808", "99999999999999999999999999999999"})
  void secondsBeyondTheLongestWaitAreCapped(String value) {
    assertThat(retryAfter(value)).isGreaterThanOrEqualTo(Duration.ofSeconds(999_999_999));
  }

  @Test
  void leadingZerosAreIgnored() {
    assertThat(retryAfter("0000000000007")).isEqualTo(Duration.ofSeconds(7));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Tue, 03 Nov 2026 12:00:00 GMT", // IMF-fixdate
        "Tuesday, 03-Nov-26 12:00:00 GMT", // RFC 850
        "Tue Nov  3 12:00:00 2026", // asctime
        " Tue, 03 Nov 2026 12:00:00 GMT ",
      })
  void aDateInAnyFormOfTheRfcIsRelativeToNow(String value) {
    assertThat(retryAfter(value)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void anAsctimeDateWithATwoDigitDayIsRead() {
    assertThat(retryAfter("Fri Nov 13 11:59:30 2026")).isEqualTo(Duration.ofDays(10));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Tue, 03 Nov 2026 11:59:30 GMT",
        "Tue, 03 Nov 2026 11:59:29 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
      })
  void aPastDateIsNoWait(String value) {
    assertThat(retryAfter(value)).isEqualTo(Duration.ZERO);
  }

  @Test
  void aTwoDigitYearOfTheLastCenturyIsNotReadAsOneOfThisCentury() {
    assertThat(retryAfter("Sunday, 06-Nov-94 08:49:37 GMT")).isIn(Duration.ZERO, null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1",
        "1.5",
        "1s",
        "1e3",
        "0x10",
        "٣",
        "soon",
        "GMT",
        "'",
        "2026-11-03T12:00:00Z",
        "Tue, 33 Nov 2026 12:00:00 GMT",
        "Tue, 03 Nov 2026",
      })
  void aMalformedValueIsIgnored(String value) {
    assertThat(retryAfter(value)).isNull();
  }

  private static @Nullable Duration retryAfter(String value) {
    return RetryAfter.read(value, NOW);
  }
}
