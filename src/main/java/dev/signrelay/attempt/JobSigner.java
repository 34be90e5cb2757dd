package dev.signrelay.attempt;

import dev.signrelay.job.SigningResult;
import dev.signrelay.limit.RateLimiter.GrantAnswer;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import java.time.Duration;

/** Makes attempts to sign. Waits as long as the timeouts allow. Safe for use by several threads. */
public interface JobSigner {

  /**
   * Attempts to sign a message.
   *
   * @param id the id of the request or job, for the log
   */
  SigningResult attempt(String id, String message, SigningTimeouts timeouts);

  /** The source of grants for upstream calls. */
  interface CallSource {

    /**
     * Takes a grant for a call that begins now or soon.
     *
     * @param timeout limits the whole call
     * @throws LimiterUnavailableException if it is unknown whether a call may begin
     */
    GrantAnswer acquire(Duration timeout);
  }
}
