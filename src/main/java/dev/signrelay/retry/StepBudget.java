package dev.signrelay.retry;

import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * Splits the time of a step between the rate limiter, the upstream, the receiver, the record and
 * the queue.
 *
 * @param deadline when the step has to be complete
 */
record StepBudget(Instant deadline) {

  /** Reserved for the queue. */
  private static final Duration QUEUE_RESERVE = Duration.ofSeconds(3);

  /** Taken from the queue's reserve. */
  private static final Duration MIN_RECORD_TIME = Duration.ofMillis(500);

  /** A write takes a few milliseconds. Writes that take longer are abandoned. */
  private static final Duration MAX_RECORD_TIME = Duration.ofSeconds(1);

  /**
   * The timeouts of an attempt to sign.
   *
   * @param maxLimiterTime the longest wait for a grant
   * @param maxUpstreamTime from the settings
   */
  SigningTimeouts signing(Duration maxLimiterTime, Duration maxUpstreamTime) {
    return new SigningTimeouts(deadline.minus(QUEUE_RESERVE), maxLimiterTime, maxUpstreamTime);
  }

  /**
   * The timeout of a delivery or a failure notice that begins now.
   *
   * @param max from the settings
   */
  Duration callbackTimeout(Duration max, Instant now) {
    return TimeSource.shorter(max, left(now));
  }

  /** The timeout of a record's write that begins now, even if the step took all of its time. */
  Duration recordTimeout(Instant now) {
    Duration left = left(now);
    return left.compareTo(MIN_RECORD_TIME) < 0
        ? MIN_RECORD_TIME
        : TimeSource.shorter(MAX_RECORD_TIME, left);
  }

  /** Whether no time is left to begin the step. */
  boolean isSpent(Instant now) {
    return !left(now).isPositive();
  }

  private Duration left(Instant now) {
    return Duration.between(now, deadline.minus(QUEUE_RESERVE));
  }
}
