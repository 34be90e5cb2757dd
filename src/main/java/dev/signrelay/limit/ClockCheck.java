package dev.signrelay.limit;

import static java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Compares this process's clock with the {@code Date} header of a response (RFC 9110, 6.6.1), which
 * has whole seconds. A process whose clock is wrong would call too early, or delay the schedule of
 * all processes.
 */
final class ClockCheck {

  /** The largest difference between two processes' clocks that does not affect the limit. */
  static final Duration MAX_SKEW = Duration.ofSeconds(1);

  /** The largest accepted difference from the server's clock, rounding and latency aside. */
  static final Duration TOLERANCE = Duration.ofSeconds(2);

  private static final Duration RESOLUTION = Duration.ofSeconds(1);

  static final class WrongClockException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongClockException() {
      super(
          "this process's clock differs from the table's by more than "
              + TOLERANCE.toSeconds()
              + " s");
    }
  }

  private ClockCheck() {}

  /**
   * Checks a response. The server read its clock at some time between the request and the response.
   *
   * @param sent when the request was sent, by this process's clock
   * @param received when the response was received, by this process's clock
   * @param date the header, which is rounded down to a second; null: absent. An absent or malformed
   *     header is accepted.
   * @throws WrongClockException if the clocks certainly differ by more than {@link #TOLERANCE}
   */
  static void require(Instant sent, Instant received, @Nullable String date) {
    try {
      if (date != null) {
        require(sent, received, RFC_1123_DATE_TIME.parse(date, Instant::from));
      }
    } catch (DateTimeException _) {
      // A malformed header is treated like an absent one.
    }
  }

  static void require(Instant sent, Instant received, Instant date) {
    boolean ahead = sent.minus(TOLERANCE).isAfter(date.plus(RESOLUTION));
    boolean behind = received.plus(TOLERANCE).isBefore(date);
    if (ahead || behind) {
      throw new WrongClockException();
    }
  }
}
