package dev.signrelay.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The two forms of {@code Retry-After} (RFC 9110, 10.2.3). */
final class RetryAfterTest {

  private static final Instant NOW = Instant.parse("2026-11-03T11:59:30Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0",
        "1 | 1",
        "120 | 120",
        "' 7 ' | 7",
        "0000000000007 | 7",
        "999999999 | 999999999",
        // beyond the longest wait
        "1000000000 | 999999999",
        "9223372036854775808 | 999999999",
        "99999999999999999999999999999999 | 999999999",
        // the three forms of a date
        "Tue, 03 Nov 2026 12:00:00 GMT | 30",
        "' Tue, 03 Nov 2026 12:00:00 GMT ' | 30",
        "Tuesday, 03-Nov-26 12:00:00 GMT | 30",
        "Tue Nov  3 12:00:00 2026 | 30",
        "Fri Nov 13 11:59:30 2026 | 864000",
        // past dates
        "Tue, 03 Nov 2026 11:59:30 GMT | 0",
        "Tue, 03 Nov 2026 11:59:29 GMT | 0",
        "Sun, 06 Nov 1994 08:49:37 GMT | 0",
        "Sun Nov  6 08:49:37 1994 | 0",
      })
  void secondsAndDatesInAnyFormAreReadAndNeverNegative(String value, long seconds) {
    assertThat(retryAfter(value)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void aTwoDigitYearOfTheLastCenturyIsNotReadAsOneOfThisCentury() {
    assertThat(retryAfter("Sunday, 06-Nov-94 08:49:37 GMT")).isIn(Duration.ZERO, null);
  }

  @ParameterizedTest
  @NullSource
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
  void aMissingOrMalformedValueIsIgnored(@Nullable String value) {
    assertThat(retryAfter(value)).isNull();
  }

  private static @Nullable Duration retryAfter(@Nullable String value) {
    return RetryAfter.read(value, NOW);
  }
}
