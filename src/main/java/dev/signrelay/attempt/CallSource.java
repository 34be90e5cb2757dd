package dev.signrelay.attempt;

import dev.signrelay.limit.RateLimiter.Answer;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import java.time.Duration;

/** Where an attempt gets the grant for its call from. */
@FunctionalInterface
public interface CallSource {

  /**
   * Takes a grant for a call that begins now or soon.
   *
   * @param timeout limits the whole call
   * @throws LimiterUnavailableException if it is unknown whether a call may begin
   */
  Answer acquire(Duration timeout);
}
