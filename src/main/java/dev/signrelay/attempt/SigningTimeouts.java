package dev.signrelay.attempt;

import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of one attempt to sign. One that is zero or less: no time is left.
 *
 * @param deadline when the attempt has to be complete
 * @param maxLimiterTime the longest call of the rate limiter
 * @param maxUpstreamTime the longest upstream call, over the whole exchange
 */
public record SigningTimeouts(Instant deadline, Duration maxLimiterTime, Duration maxUpstreamTime) {

  /** With less time than this, an attempt would only use up a grant. */
  static final Duration MIN_TIME = Duration.ofMillis(250);

  /** Reserved for the cache, after a call. */
  private static final Duration STORE_RESERVE = Duration.ofMillis(100);

  /** Two machines' clocks differ, and a store may end after the deadline. */
  private static final Duration LEASE_RESERVE = Duration.ofSeconds(2);

  /** The same, but not longer than the result is wanted; null: as long as it takes. */
  public SigningTimeouts until(@Nullable Instant end) {
    return end == null || deadline.isBefore(end)
        ? this
        : new SigningTimeouts(end, maxLimiterTime, maxUpstreamTime);
  }

  /** The same for a call whose result is then stored in the cache. */
  SigningTimeouts beforeStore() {
    return new SigningTimeouts(deadline.minus(STORE_RESERVE), maxLimiterTime, maxUpstreamTime);
  }

  /**
   * When the lease of a call ends that begins now, if its holder does not end it: once the call,
   * and the wait for its grant, must be over.
   */
  Instant leaseEnd(Instant now) {
    Instant over = now.plus(maxLimiterTime.multipliedBy(2)).plus(maxUpstreamTime);
    return (over.isBefore(deadline) ? over : deadline).plus(LEASE_RESERVE);
  }

  /** For a request to the cache that begins now. A cache that hangs leaves time for a call. */
  Duration cache(Instant now) {
    return TimeSource.shorter(maxLimiterTime.dividedBy(2), Duration.between(now, deadline));
  }

  /** Whether enough time is left to begin an attempt. */
  boolean allowCall(Instant now) {
    return Duration.between(now, deadline).compareTo(MIN_TIME) >= 0;
  }

  /** For a call of the rate limiter, or a read of the API key before it, that begins now. */
  Duration limiter(Instant now) {
    return TimeSource.shorter(maxLimiterTime, Duration.between(now, deadline));
  }

  /** For an upstream call that connects now and is sent at {@code start}, which is not before. */
  Duration upstream(Instant now, Instant start) {
    Instant end = start.plus(maxUpstreamTime);
    return Duration.between(now, end.isBefore(deadline) ? end : deadline);
  }
}
