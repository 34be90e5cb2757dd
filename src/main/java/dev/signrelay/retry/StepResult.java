package dev.signrelay.retry;

import dev.signrelay.job.Attempt;
import dev.signrelay.policy.RetryDecision.Requeue;

/** The result of one step of a job. */
sealed interface StepResult {

  /** The message can be acknowledged. */
  record Done() implements StepResult {}

  /**
   * The message can be acknowledged once the job has been sent to its queue again.
   *
   * @param attempt for the log event
   */
  record NeedsRequeue(Attempt attempt, Requeue decision) implements StepResult {}

  /** The job of a message of the line stays in line: it was not called. */
  record Stays(Attempt.Signing attempt) implements StepResult {}

  /** The message must not be acknowledged: the queue delivers it again. */
  record Failed() implements StepResult {}
}
