package dev.signrelay.jobrecord;

import static dev.signrelay.aws.Attributes.millis;
import static dev.signrelay.aws.Attributes.number;
import static dev.signrelay.aws.Attributes.text;
import static dev.signrelay.aws.Attributes.textOrEmpty;

import dev.signrelay.aws.Attributes;
import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.policy.RetryDecision.Complete;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The state of a job after one of its steps. {@link #after} creates it from the step's decision,
 * {@link #attributes} converts it to attributes with the names of the components, and {@link #of}
 * reads it. Writing the signature of a job without a callback URL does not count as a delivery.
 *
 * @param position increases with each recorded step and each redrive. Of two records of a job, the
 *     one with the larger position is the later one. The record of a job that has its result has
 *     the last position, so that copies of its message change nothing.
 * @param client the client that may read the record; empty: anyone may
 * @param attempts the number of upstream calls since the last redrive without a signature
 * @param deliveries the number of deliveries since the last redrive
 * @param signature null: there is none yet
 * @param lastOutcome the code of the last outcome; null: there was none, or, in a write, the
 *     table's value stays
 * @param nextAttemptAt the estimated time of the next attempt; null: none, or its time is unknown
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

  /** The longest retention of a queue (Amazon SQS developer guide, "Message quotas"). */
  private static final Duration LONGEST_WAIT = Duration.ofDays(14);

  /** The number of positions of a stage. They begin at its first millisecond times this number. */
  private static final long POSITIONS = 1_000_000;

  /** The first position of a stage's dead letters. Higher attempts share the position before it. */
  private static final long DEAD_LETTERS = POSITIONS / 2;

  /** The position of a job that has its result. Copies of its message may still be handled. */
  private static final long LAST_POSITION = Long.MAX_VALUE;

  /** Later stages have the positions of this one, which are below {@link #LAST_POSITION}. */
  private static final long LATEST_MILLIS = Long.MAX_VALUE / POSITIONS - 1;

  /**
   * Whether a step of RetryFunction or DispatchFunction is recorded after it: a call, a signature
   * that is reused, a delivery or a dead letter. A wait is not recorded. A delivery to the record
   * is itself the write.
   */
  public static boolean isRecorded(Attempt attempt, RetryDecision decision) {
    return decision instanceof DeadLetter || outcome(attempt, decision) != null;
  }

  /** The record after an attempt. */
  public static JobRecord after(Attempt attempt, RetryDecision decision, Instant now) {
    Job job = attempt.job();
    Job next =
        switch (decision) {
          case Deliver(NeedsCallback signed) -> signed;
          case Requeue(Job requeued, _, _) -> requeued;
          case DeadLetter _, Complete _ -> job;
        };
    return new JobRecord(
        job.id(),
        status(attempt, decision),
        position(next, decision),
        job.acceptance().client(),
        job.acceptance().at(),
        attempts(attempt),
        deliveries(attempt),
        next instanceof NeedsCallback signed ? signed.signature() : null,
        outcome(attempt, decision),
        nextAttemptAt(attempt, decision, now),
        decision instanceof DeadLetter dead ? dead.reason().kind().code() : null);
  }

  private static JobStatus status(Attempt attempt, RetryDecision decision) {
    return switch (decision) {
      case DeadLetter dead ->
          dead.reason().kind() == Kind.EXPIRED ? JobStatus.EXPIRED : JobStatus.FAILED;
      case Complete _ -> hasReceiver(attempt.job()) ? JobStatus.DELIVERED : JobStatus.SIGNED;
      case Deliver _ -> hasReceiver(attempt.job()) ? JobStatus.DELIVERING : JobStatus.SIGNED;
      case Requeue(NeedsCallback _, _, _) -> JobStatus.DELIVERING;
      case Requeue(NeedsSignature _, _, _) ->
          attempts(attempt) > 0 ? JobStatus.SIGNING : JobStatus.WAITING;
    };
  }

  /**
   * A later stage, or a redrive, has higher positions, because its {@link Job#since} is later.
   *
   * <p>A dead letter has a higher position than all attempts of its stage. A step whose job could
   * not be requeued is repeated, although its record announces the next attempt. If the repetition
   * ends the job, that record must not be refused as an earlier one.
   */
  private static long position(Job next, RetryDecision decision) {
    return switch (decision) {
      case Complete _ -> LAST_POSITION;
      case Deliver _ when !hasReceiver(next) -> LAST_POSITION;
      case Deliver _, Requeue _ -> position(next, next.attemptNumber(), 0);
      case DeadLetter _ -> position(next, next.attemptNumber() + 1L, DEAD_LETTERS);
    };
  }

  private static long position(Job next, long number, long first) {
    return Math.min(next.since().toEpochMilli(), LATEST_MILLIS) * POSITIONS
        + first
        + Math.min(number, DEAD_LETTERS - 1);
  }

  private static int attempts(Attempt attempt) {
    return switch (attempt.job()) {
      case NeedsCallback signed -> signed.calls();
      case NeedsSignature job ->
          attempt instanceof Signing(_, Called _) ? job.attemptNumber() : job.attemptNumber() - 1;
    };
  }

  private static int deliveries(Attempt attempt) {
    return switch (attempt.job()) {
      case NeedsCallback job when hasReceiver(job) ->
          attempt instanceof Delivery ? job.attemptNumber() : job.attemptNumber() - 1;
      case NeedsSignature _, NeedsCallback _ -> 0;
    };
  }

  private static @Nullable String outcome(Attempt attempt, RetryDecision decision) {
    return switch (attempt) {
      case Signing(_, Called(var outcome, _, _)) -> outcome.code();
      case Signing(_, Reused _) -> Reused.CODE;
      case Signing _ when decision instanceof DeadLetter dead -> dead.reason().outcome();
      case Delivery delivery when hasReceiver(delivery.job()) -> delivery.outcome().code();
      case Signing _, Delivery _, Deferred _ -> null;
    };
  }

  private static @Nullable Instant nextAttemptAt(
      Attempt attempt, RetryDecision decision, Instant now) {
    return switch (decision) {
      case Deliver(NeedsCallback job) -> hasReceiver(job) ? now : null;
      case Requeue requeue when requeue.queue() != JobQueue.LINE -> requeue.due(now);
      case Requeue _ ->
          attempt instanceof Signing(_, NotGranted(Duration wait, _)) ? now.plus(wait) : null;
      case DeadLetter _, Complete _ -> null;
    };
  }

  private static boolean hasReceiver(Job job) {
    return job.acceptance().callbackUrl() != null;
  }

  /**
   * Reads an item.
   *
   * @return empty if the item is not a record, or {@code expiresAt} has passed: DynamoDB deletes it
   *     within a few days (Amazon DynamoDB developer guide, "Using time to live")
   */
  public static Optional<JobRecord> of(Map<String, AttributeValue> item, Instant now) {
    String status = text(item, "status");
    if (status == null || number(item, "expiresAt", 0) <= now.getEpochSecond()) {
      return Optional.empty();
    }
    return Optional.of(
        new JobRecord(
            textOrEmpty(item, "id"),
            JobStatus.of(status),
            number(item, "position", 0),
            textOrEmpty(item, "client"),
            Instant.ofEpochMilli(number(item, "acceptedAt", 0)),
            (int) number(item, "attempts", 0),
            (int) number(item, "deliveries", 0),
            text(item, "signature"),
            text(item, "lastOutcome"),
            Attributes.time(item, "nextAttemptAt"),
            text(item, "reason")));
  }

  /**
   * The attributes that a write of this record sets, without the key; null: it removes the
   * attribute. Other attributes of the item stay.
   *
   * @param keep how long the record is kept after its job is over. Until then it is kept for at
   *     least as long as SQS can keep the job, from the next attempt on, because nothing is written
   *     while a job waits.
   */
  Map<String, @Nullable AttributeValue> attributes(Instant now, Duration keep) {
    Instant last = nextAttemptAt == null || nextAttemptAt.isBefore(now) ? now : nextAttemptAt;
    var item = new LinkedHashMap<String, @Nullable AttributeValue>();
    item.put("status", text(status.code()));
    item.put("position", number(position));
    if (!client.isEmpty()) {
      item.put("client", text(client));
    }
    item.put("acceptedAt", millis(acceptedAt));
    item.put("attempts", number(attempts));
    item.put("deliveries", number(deliveries));
    item.put("signature", signature == null ? null : text(signature));
    if (lastOutcome != null) {
      item.put("lastOutcome", text(lastOutcome));
    }
    item.put("nextAttemptAt", nextAttemptAt == null ? null : millis(nextAttemptAt));
    item.put("reason", reason == null ? null : text(reason));
    boolean keptForItsTime = status.isOver() || keep.compareTo(LONGEST_WAIT) > 0;
    item.put("expiresAt", Attributes.seconds(last.plus(keptForItsTime ? keep : LONGEST_WAIT)));
    return item;
  }

  /** Omits the signature, which must not reach a log. */
  @Override
  public String toString() {
    return "JobRecord[id=" + id + ", status=" + status + "]";
  }
}
