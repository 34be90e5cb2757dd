package dev.signrelay.retry;

import dev.signrelay.app.Services;
import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.jobrecord.RecordOf;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.policy.RetryDecision.Complete;
import java.time.Instant;

/**
 * Writes the records of steps. A write that fails is logged, and never fails the job: the job's
 * message has its state.
 */
record StepRecords(Services services, StepBudget budget) {

  /**
   * Writes the record of a step, if there are records and the step is recorded.
   *
   * @param job on which the attempt was made
   * @return whether it was written
   */
  boolean write(Job job, Attempt attempt, RetryDecision decision) {
    return services.config().records().enabled()
        && RecordOf.isRecorded(attempt, decision)
        && write(job, attempt, decision, services.time().instant());
  }

  /**
   * Whether the client can learn only from the record that a job failed. A job with a signature has
   * been tried for days by then.
   */
  boolean isOnlyResult(Job job) {
    return services.config().records().enabled()
        && job instanceof NeedsSignature
        && job.acceptance().callbackUrl() == null;
  }

  /**
   * Delivers a signature to the job's record, where the client reads it: for a job without a
   * callback URL.
   */
  DeliveryOutcome keep(NeedsCallback job) {
    Instant now = services.time().instant();
    DeliveryOutcome kept = new Delivered("recorded");
    return write(job, new Delivery(job, kept, now, now), new Complete(), now)
        ? kept
        : new Undelivered("record-unavailable", null);
  }

  private boolean write(Job job, Attempt attempt, RetryDecision decision, Instant now) {
    return services.write(RecordOf.step(job, attempt, decision, now), budget.recordTimeout(now));
  }
}
