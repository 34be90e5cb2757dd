package dev.signrelay.simulation;

import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobRecords;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.jobrecord.RecordOf;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Records that are written wrongly.
 *
 * @param change is applied to each record that is written
 * @param swallows whether a failure to write is ignored
 */
record FlawedRecords(JobRecords records, UnaryOperator<JobRecord> change, boolean swallows)
    implements JobRecords {

  static FlawedRecords changing(JobRecords records, UnaryOperator<JobRecord> change) {
    return new FlawedRecords(records, change, false);
  }

  /** The record of a job that is dead-lettered. */
  static JobRecord failed(Job job) {
    var reason = new DeadLetterReason(DeadLetterReason.Kind.SIGNING_EXHAUSTED, "mutation", 0);
    return RecordOf.step(job, new Deferred(job), new DeadLetter(job, reason), job.since());
  }

  static JobRecord delivered(JobRecord written) {
    return written.status() == JobStatus.DELIVERING
        ? with(written, JobStatus.DELIVERED, written.position())
        : written;
  }

  /** Of two records, the one that is written later is the later one. */
  static JobRecord at(Instant now, JobRecord written) {
    return with(written, written.status(), now.toEpochMilli());
  }

  private static JobRecord with(JobRecord r, JobStatus status, long position) {
    return new JobRecord(
        r.id(),
        status,
        position,
        r.client(),
        r.acceptedAt(),
        r.attempts(),
        r.deliveries(),
        r.signature(),
        r.lastOutcome(),
        r.nextAttemptAt(),
        r.reason());
  }

  @Override
  public void write(JobRecord written, Duration timeout) {
    try {
      records.write(change.apply(written), timeout);
    } catch (RecordsUnavailableException e) {
      if (!swallows) {
        throw e;
      }
    }
  }

  @Override
  public Optional<JobRecord> read(String id, Duration timeout) {
    return records.read(id, timeout);
  }
}
