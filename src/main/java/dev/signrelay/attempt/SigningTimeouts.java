package dev.signrelay.attempt;

import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of one attempt to sign. A timeout of zero or less means that no time is left.
 *
 * @param deadline when the attempt has to be complete
 * @param maxLimiterTime the longest call of the rate limiter
 * @param maxUpstreamTime the longest upstream call, over the whole exchange
 */
public record SigningTimeouts(Instant deadline, Duration maxLimiterTime, Duration maxUpstreamTime) {

  /** With less time than this, a call would probably fail, and its grant would be lost. */
  static final Duration MIN_TIME = Duration.ofMillis(250);

  /** Reserved for storing a signature in the cache after a call. */
  private static final Duration STORE_RESERVE = Duration.ofMillis(100);

  /** Added to leases, because clocks differ, and storing a signature may end after the deadline. */
  private static final Duration LEASE_RESERVE = Duration.ofSeconds(2);

  /**
   * Returns these timeouts with {@code end} as the deadline, if that is earlier; null: unchanged.
   */
  public SigningTimeouts until(@Nullable Instant end) {
    return end == null || deadline.isBefore(end)
        ? this
        : new SigningTimeouts(end, maxLimiterTime, maxUpstreamTime);
  }

  /** Returns these timeouts, but with time left to store the signature in the cache. */
  SigningTimeouts beforeStore() {
    return new SigningTimeouts(deadline.minus(STORE_RESERVE), maxLimiterTime, maxUpstreamTime);
  }

  /**
   * Returns when a lease that is taken now ends by itself: after the longest possible wait for a
   * grant and upstream call, and at the latest shortly after the deadline.
   */
  Instant leaseEnd(Instant now) {
    Instant over = now.plus(maxLimiterTime.multipliedBy(2)).plus(maxUpstreamTime);
    return (over.isBefore(deadline) ? over : deadline).plus(LEASE_RESERVE);
  }

  /** Returns the timeout of a request to the cache. If that hangs, time is left for a call. */
  Duration cache(Instant now) {
    return TimeSource.shorter(maxLimiterTime.dividedBy(2), Duration.between(now, deadline));
  }

  /** Whether enough time is left to begin an attempt. */
  boolean allowCall(Instant now) {
    return Duration.between(now, deadline).compareTo(MIN_TIME) >= 0;
  }

  /** Returns the timeout of a request to the rate limiter, or of a read of the API key. */
  Duration limiter(Instant now) {
    return TimeSource.shorter(maxLimiterTime, Duration.between(now, deadline));
  }

  /** Returns the timeout of an upstream call that connects now and is sent at {@code start}. */
  Duration upstream(Instant now, Instant start) {
    Instant end = start.plus(maxUpstreamTime);
    return Duration.between(now, end.isBefore(deadline) ? end : deadline);
  }
}
