package dev.signrelay.simulation;

import java.time.Duration;

/**
 * The limits of SQS for one message: a body of 1 MiB and a delay from 0 to 900 s (Amazon SQS API
 * reference, SendMessage).
 */
final class SqsBounds {

  private static final Duration MAX_DELAY = Duration.ofSeconds(900);
  private static final int MAX_BODY = 1 << 20;

  private SqsBounds() {}

  /**
   * @param body in ASCII, so that one character is one byte
   * @throws IllegalArgumentException if the body is too large, or the delay is negative or too long
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
