package dev.signrelay.worker;

import dev.signrelay.job.Attempt;
import dev.signrelay.retry.RetryDecision;

/** The result of one step of a job. */
sealed interface StepResult {

  /** The message can be acknowledged. */
  record Done() implements StepResult {}

  /**
   * The message can be acknowledged once the job has been sent to the queue again, which the batch
   * does.
   *
   * @param attempt the facts of the step, for its log event
   */
  record Requeue(Attempt attempt, RetryDecision.Requeue decision) implements StepResult {}

  /** The message must not be acknowledged: the queue hands it out again. */
  record Failed() implements StepResult {}
}
