package dev.signrelay.attempt;

import dev.signrelay.job.SigningResult;

/** Makes attempts to sign. Waits as long as the timeouts allow. Safe for use by several threads. */
public interface JobSigner {

  /**
   * Attempts to sign a message.
   *
   * @param id of the request or job, for the log
   */
  SigningResult attempt(String id, String message, SigningTimeouts timeouts);
}
