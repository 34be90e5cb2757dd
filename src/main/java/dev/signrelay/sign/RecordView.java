package dev.signrelay.sign;

import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of a job's record that a client can read. */
final class RecordView {

  private static final Duration MIN_WAIT = Duration.ofSeconds(1);

  /**
   * A record changes at the next attempt. DispatchFunction runs once a minute, and a client may
   * want to see an attempt that comes earlier than estimated.
   */
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  /** The outcomes of calls after which a job has a signature. */
  private static final Set<String> OUTCOMES_WITH_SIGNATURE = Set.of("signed", Reused.CODE);

  private RecordView() {}

  /**
   * The time until the next read of the record of a job that is not over. A job whose attempt is
   * overdue waits in line, or in a queue that is slow: the longer it is overdue, the longer a
   * client should wait.
   */
  static Duration nextRead(JobRecord job, Instant now) {
    Instant next = job.nextAttemptAt();
    Duration wait = next == null ? MAX_WAIT : Duration.between(now, next).abs();
    return wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait.compareTo(MIN_WAIT) < 0 ? MIN_WAIT : wait;
  }

  /** The members of the response, in order. */
  static Map<String, @Nullable Object> members(JobRecord job, Instant now) {
    Instant next = job.nextAttemptAt();
    var members = new LinkedHashMap<String, @Nullable Object>();
    members.put("id", job.id());
    members.put("status", job.status().code());
    members.put("signature", job.signature());
    members.put("accepted_at", job.acceptedAt().toString());
    members.put("attempts", job.attempts());
    members.put("deliveries", job.deliveries());
    members.put("last_outcome", lastOutcome(job));
    members.put("next_attempt_at", next != null && next.isAfter(now) ? next.toString() : null);
    members.put("reason", job.reason());
    members.values().removeIf(Objects::isNull);
    return members;
  }

  /**
   * Of deliveries a client learns only whether the last one succeeded: the cause of a failure would
   * show which names and addresses the functions reach.
   */
  private static @Nullable String lastOutcome(JobRecord job) {
    String outcome = job.lastOutcome();
    boolean isOfCall =
        outcome == null || job.signature() == null || OUTCOMES_WITH_SIGNATURE.contains(outcome);
    if (isOfCall) {
      return outcome;
    }
    return job.status() == JobStatus.DELIVERED ? "delivered" : "not-delivered";
  }
}
