package dev.signrelay.signing;

import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * The timeouts of one attempt to sign.
 *
 * @param deadline when the attempt has to be complete
 * @param maxLimiterTime the longest call of the rate limiter
 * @param maxUpstreamTime the longest upstream call, over the whole exchange
 */
public record SigningTimeouts(Instant deadline, Duration maxLimiterTime, Duration maxUpstreamTime) {

  /** For a call of the rate limiter that begins now. Zero or less: no time is left. */
  Duration limiter(Instant now) {
    return TimeSource.shorter(maxLimiterTime, Duration.between(now, deadline));
  }

  /** For an upstream call that begins now. Zero or less: no time is left. */
  Duration upstream(Instant now) {
    return TimeSource.shorter(maxUpstreamTime, Duration.between(now, deadline));
  }
}
