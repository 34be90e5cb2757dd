package dev.signrelay.signing;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Job.NeedsSignature;

/** Makes attempts to sign. Waits as long as the timeouts allow. Safe for use by several threads. */
public interface JobSigner {

  /** Attempts to sign a job's message. The job can wait in a queue for its next attempt. */
  Signing attempt(NeedsSignature job, SigningTimeouts timeouts);

  /**
   * Attempts to sign the message of a request without a job, which therefore cannot wait in a
   * queue.
   */
  Signing attempt(String id, String message, SigningTimeouts timeouts);
}
