package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Says when an upstream call may begin. Grants are given in the order of asking: nobody overtakes,
 * and who asks later never delays a grant that has been given.
 */
public interface RateLimiter {

  /** Later than any grant. */
  Instant ANY_TIME = Instant.parse("9999-12-31T00:00:00Z");

  /**
   * Takes the next grant.
   *
   * @param latest if the grant would only be after that, it is left to others
   * @param timeout over the whole call
   * @return empty if there is no grant until {@code latest}
   * @throws LimiterUnavailableException if it cannot be known in time; a grant may have been taken,
   *     which nobody then uses
   */
  Optional<Grant> ask(Instant latest, Duration timeout);

  /**
   * Takes the next grant, whenever it is.
   *
   * @throws LimiterUnavailableException as {@link #ask(Instant, Duration)}
   */
  default Grant ask(Duration timeout) {
    return ask(ANY_TIME, timeout).orElseThrow();
  }

  /**
   * Makes sure that of all copies of a grant, as many as a queue may have made of the job that
   * carries it, one is used.
   *
   * @param timeout over the whole call
   * @return whether this one may be
   * @throws LimiterUnavailableException if it cannot be known in time
   */
  boolean redeem(Grant grant, Duration timeout);

  /** Does ahead of time what would slow down the first call. Sends nothing. */
  void prepare();

  /** Nobody knows whether a call may begin. */
  final class LimiterUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LimiterUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
