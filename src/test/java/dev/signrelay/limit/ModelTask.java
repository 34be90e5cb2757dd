package dev.signrelay.limit;

import dev.signrelay.job.Job.NeedsSignature;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an operation of a process does with the limiter. */
sealed interface ModelTask {

  /**
   * SignFunction or RetryFunction signs.
   *
   * @param job null for a request without a callback, which cannot be queued
   * @param maxGrantWait the longest wait for a grant within the function
   */
  record Sign(@Nullable NeedsSignature job, Duration maxGrantWait) implements ModelTask {}

  /** DispatchFunction takes grants for jobs in line. */
  record Line(int jobs) implements ModelTask {}

  /** DispatchFunction notes the number of jobs in line. */
  record Note(long waiting) implements ModelTask {}

  /** The job that the task signs; null: none. */
  default @Nullable NeedsSignature signed() {
    return this instanceof Sign sign ? sign.job() : null;
  }
}
