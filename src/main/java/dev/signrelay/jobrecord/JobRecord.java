package dev.signrelay.jobrecord;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job after one of its steps.
 *
 * @param position grows with each step and each redrive of the job. Of two records of a job, the
 *     one with the larger position is the later one. The record of a job that is signed or
 *     delivered has the last position: copies of its message change nothing.
 * @param client may read the record; empty: anyone may
 * @param attempts upstream calls, since the last redrive of a job without a signature
 * @param deliveries since the last redrive
 * @param signature null: there is none yet
 * @param lastOutcome of the last call or delivery. Null: there was none, or, in a write, it is the
 *     one that the table has.
 * @param nextAttemptAt by estimate; null: there will be none, or its time is unknown
 * @param reason why the job was dead-lettered; null: it was not
 */
public record JobRecord(
    String id,
    JobStatus status,
    long position,
    String client,
    Instant acceptedAt,
    int attempts,
    int deliveries,
    @Nullable String signature,
    @Nullable String lastOutcome,
    @Nullable Instant nextAttemptAt,
    @Nullable String reason) {

  /** Omits the signature, which must not reach a log. */
  @Override
  public String toString() {
    return "JobRecord[id=" + id + ", status=" + status + "]";
  }
}
