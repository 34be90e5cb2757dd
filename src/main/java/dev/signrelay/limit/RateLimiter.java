package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Limits how many upstream calls begin in any 60 s, over all processes. First come, first served: a
 * later request never delays a grant that has been given.
 */
public interface RateLimiter {

  /** Later than any grant. */
  Instant ANY_TIME = Instant.parse("9999-12-31T00:00:00Z");

  /**
   * Acquires the next grant, unless it is too late.
   *
   * @param latest if the next grant begins later than this, and later than now, it is not taken
   * @param timeout limits the whole call
   * @return empty if the next grant begins too late
   * @throws LimiterUnavailableException if the limiter does not answer in time; a grant may have
   *     been taken, which then remains unused
   */
  Optional<Grant> acquire(Instant latest, Duration timeout);

  /**
   * Acquires the next grant, however late it begins.
   *
   * @throws LimiterUnavailableException as {@link #acquire(Instant, Duration)}
   */
  default Grant acquire(Duration timeout) {
    return acquire(ANY_TIME, timeout).orElseThrow();
  }

  /**
   * Claims a grant that was carried through a queue. Of all copies of a job that carry the same
   * grant, one claims it; the others have to acquire another.
   *
   * @param timeout limits the whole call
   * @return whether the grant may be used
   * @throws LimiterUnavailableException if the limiter does not answer in time
   */
  boolean claim(Grant grant, Duration timeout);

  /** It is unknown whether a call may begin. */
  final class LimiterUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LimiterUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
