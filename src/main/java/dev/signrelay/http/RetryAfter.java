package dev.signrelay.http;

import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Retry-After} (RFC 9110, 10.2.3): seconds, or a date, which has three forms (5.6.7).
 */
public final class RetryAfter {

  /** The longest wait that is read from seconds; {@code Stage} bounds the one that is followed. */
  private static final BigInteger LONGEST_SECONDS = BigInteger.valueOf(999_999_999);

  /** The third form of a date, in which a day below ten is padded with a space. */
  private static final DateTimeFormatter ASCTIME =
      DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private RetryAfter() {}

  /**
   * How long a server asks to wait.
   *
   * @param text the header's value; null: it is absent
   * @return never negative; null: the value is absent or malformed
   */
  public static @Nullable Duration read(@Nullable String text, Instant now) {
    if (text == null) {
      return null;
    }
    String value = text.strip();
    if (value.matches("\\d+")) {
      return Duration.ofSeconds(new BigInteger(value).min(LONGEST_SECONDS).longValue());
    }
    Instant date = date(value);
    if (date == null) {
      return null;
    }
    return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
  }

  private static @Nullable Instant date(String value) {
    try {
      return ASCTIME.parse(value, Instant::from);
    } catch (DateTimeException _) {
      return DateUtils.parseStandardDate(value);
    }
  }
}
