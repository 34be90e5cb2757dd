package dev.signrelay.worker;

import dev.signrelay.job.Attempt;
import dev.signrelay.retry.RetryDecision.Requeue;

/** The result of one step of a job. */
sealed interface StepResult {

  /** The message can be acknowledged. */
  record Done() implements StepResult {}

  /**
   * The message can be acknowledged once the batch has sent the job to the queue again.
   *
   * @param attempt for the log event
   */
  record NeedsRequeue(Attempt attempt, Requeue decision) implements StepResult {}

  /** The message must not be acknowledged: the queue delivers it again. */
  record Failed() implements StepResult {}
}
