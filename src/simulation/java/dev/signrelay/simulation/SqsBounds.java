package dev.signrelay.simulation;

import java.time.Duration;

/** The limits of SQS (Amazon SQS API reference, SendMessage). */
final class SqsBounds {

  private static final Duration MAX_DELAY = Duration.ofSeconds(900);
  private static final int MAX_BODY = 1 << 20;

  private SqsBounds() {}

  /**
   * @param body in ASCII
   * @throws IllegalArgumentException if it is too large, or the delay too long or negative
   */
  static void require(String body, Duration delay) {
    if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException("SQS cannot delay a message by " + delay);
    }
    if (body.length() > MAX_BODY) {
      throw new IllegalArgumentException(
          "SQS cannot store a message of %d bytes".formatted(body.length()));
    }
  }
}
