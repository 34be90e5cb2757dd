package dev.signrelay.worker;

import dev.signrelay.signing.SigningTimeouts;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * How long the parts of a step may take.
 *
 * @param deadline when the step has to be complete
 * @param upstreamLimit the longest upstream call, from the settings
 * @param callbackLimit the longest delivery, from the settings
 */
record StepBudget(Instant deadline, Duration upstreamLimit, Duration callbackLimit)
    implements SigningTimeouts {

  /** Reserved before the deadline for the queue. */
  private static final Duration QUEUE_RESERVE = Duration.ofSeconds(3);

  /** The longest call of the rate limiter. */
  private static final Duration LIMITER_LIMIT = Duration.ofSeconds(2);

  /** A delivery that follows a signing attempt does not begin with less time than this. */
  private static final Duration MIN_DELIVERY_TIME = Duration.ofSeconds(1);

  @Override
  public Duration limiterTimeout(Instant now) {
    return TimeSource.shorter(LIMITER_LIMIT, left(now));
  }

  @Override
  public Duration upstreamTimeout(Instant now) {
    return TimeSource.shorter(upstreamLimit, left(now));
  }

  /** For a delivery or a failure notice that begins now. */
  Duration callbackTimeout(Instant now) {
    return TimeSource.shorter(callbackLimit, left(now));
  }

  /** For a call of the queue that begins now. */
  Duration queueTimeout(Instant now) {
    return Duration.between(now, deadline);
  }

  boolean isSpent(Instant now) {
    return !left(now).isPositive();
  }

  boolean allowsDelivery(Instant now) {
    return left(now).compareTo(MIN_DELIVERY_TIME) >= 0;
  }

  private Duration left(Instant now) {
    return Duration.between(now, deadline.minus(QUEUE_RESERVE));
  }
}
