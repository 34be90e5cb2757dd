package dev.signrelay;

import dev.signrelay.log.LogEvent;
import dev.signrelay.retry.RetryDecision.Requeue;

/** How a job's step ended: {@link Finished}, {@link PutBack} or {@link Unfinished}. */
sealed interface StepEnd {

  /** The queue may forget the message: what came of it is done, or stored. */
  record Finished() implements StepEnd {}

  /**
   * The queue may forget the message when it has the job's next one, which nobody has sent yet.
   *
   * @param line for the log, when that has been tried
   */
  record PutBack(Requeue next, LogEvent line) implements StepEnd {}

  /** The queue must hand the message out again. */
  record Unfinished() implements StepEnd {}
}
