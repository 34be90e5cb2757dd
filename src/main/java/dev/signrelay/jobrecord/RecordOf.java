package dev.signrelay.jobrecord;

import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
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
import org.jspecify.annotations.Nullable;

/**
 * The record of a job after a step: a function of the attempt and the decision on it.
 *
 * <p>A job without a callback URL is signed when its record says so. That is not a delivery.
 */
public final class RecordOf {

  /** The positions in a millisecond. */
  private static final long ATTEMPTS = 1_000_000;

  /** The first position of dead letters. Later attempts of a stage share the one before it. */
  private static final long DEAD_LETTERS = ATTEMPTS / 2;

  /** Of a job that has its result: its copies may still be tried. */
  private static final long LAST = Long.MAX_VALUE;

  private static final long LATEST = Long.MAX_VALUE / ATTEMPTS - 1;

  private RecordOf() {}

  /**
   * Whether a step of RetryFunction is recorded: a call, a signature that is reused, a delivery or
   * a dead letter. A wait is not.
   */
  public static boolean isRecorded(Attempt attempt, RetryDecision decision) {
    return decision instanceof DeadLetter
        || switch (attempt) {
          case Signing(_, _, _, _, Called _), Signing(_, _, _, _, Reused _) -> true;
          case Delivery(NeedsCallback job, _, _, _) -> hasReceiver(job);
          case Signing _, Deferred _ -> false;
        };
  }

  /**
   * The record after an attempt.
   *
   * @param job on which the attempt was made
   */
  public static JobRecord step(Job job, Attempt attempt, RetryDecision decision, Instant now) {
    Job next = next(job, decision);
    return new JobRecord(
        job.id(),
        status(job, attempt, decision),
        position(job, next, decision),
        job.acceptance().client(),
        job.acceptance().at(),
        attempts(job, attempt),
        deliveries(job, attempt),
        next instanceof NeedsCallback signed ? signed.signature() : null,
        outcome(attempt, decision),
        nextAttemptAt(attempt, decision, now),
        decision instanceof DeadLetter(_, DeadLetterReason reason) ? reason.kind().code() : null);
  }

  private static Job next(Job job, RetryDecision decision) {
    return switch (decision) {
      case Deliver(NeedsCallback signed) -> signed;
      case Requeue(Job requeued, _, _) -> requeued;
      case DeadLetter _, Complete _ -> job;
    };
  }

  /**
   * A job enters its next stage, or is redriven, later than it entered the present one.
   *
   * <p>A dead letter follows all attempts of its stage. A step whose job could not be requeued is
   * repeated, and its record says already that another attempt will follow: if the repetition ends
   * the job, its record must not be refused.
   */
  private static long position(Job job, Job next, RetryDecision decision) {
    return switch (decision) {
      case Complete _ -> LAST;
      case Deliver _ when !hasReceiver(job) -> LAST;
      case Deliver _, Requeue _ -> position(next, next.attempt(), 0);
      case DeadLetter _ -> position(next, next.attempt() + 1L, DEAD_LETTERS);
    };
  }

  private static long position(Job next, long number, long first) {
    return Math.min(next.since().toEpochMilli(), LATEST) * ATTEMPTS
        + first
        + Math.min(number, DEAD_LETTERS - 1);
  }

  private static JobStatus status(Job job, Attempt attempt, RetryDecision decision) {
    return switch (decision) {
      case DeadLetter(_, DeadLetterReason reason) ->
          reason.kind() == DeadLetterReason.Kind.EXPIRED ? JobStatus.EXPIRED : JobStatus.FAILED;
      case Complete _ -> hasReceiver(job) ? JobStatus.DELIVERED : JobStatus.SIGNED;
      case Deliver _ -> hasReceiver(job) ? JobStatus.DELIVERING : JobStatus.SIGNED;
      case Requeue(NeedsCallback _, _, _) -> JobStatus.DELIVERING;
      case Requeue(NeedsSignature _, _, _) ->
          attempts(job, attempt) > 0 ? JobStatus.SIGNING : JobStatus.WAITING;
    };
  }

  private static int attempts(Job job, Attempt attempt) {
    return switch (job) {
      case NeedsCallback signed -> signed.calls();
      case NeedsSignature _ when attempt instanceof Signing(_, _, _, _, Called _) -> job.attempt();
      case NeedsSignature _ -> job.attempt() - 1;
    };
  }

  private static int deliveries(Job job, Attempt attempt) {
    return switch (job) {
      case NeedsSignature _ -> 0;
      case NeedsCallback _ when !hasReceiver(job) -> 0;
      case NeedsCallback _ -> attempt instanceof Delivery ? job.attempt() : job.attempt() - 1;
    };
  }

  private static @Nullable String outcome(Attempt attempt, RetryDecision decision) {
    return switch (attempt) {
      case Signing(_, _, _, _, Called(var outcome, _, _)) -> outcome.code();
      case Signing(_, _, _, _, Reused _) -> Reused.CODE;
      case Signing _ when decision instanceof DeadLetter(_, DeadLetterReason reason) ->
          reason.outcome();
      case Delivery(NeedsCallback job, var outcome, _, _) when hasReceiver(job) -> outcome.code();
      case Signing _, Delivery _, Deferred _ -> null;
    };
  }

  private static boolean hasReceiver(Job job) {
    return job.acceptance().callbackUrl() != null;
  }

  private static @Nullable Instant nextAttemptAt(
      Attempt attempt, RetryDecision decision, Instant now) {
    return switch (decision) {
      case Deliver(NeedsCallback job) -> hasReceiver(job) ? now : null;
      case Requeue(_, JobQueue queue, _) when queue == JobQueue.LINE ->
          attempt instanceof Signing(_, _, _, _, NotGranted(Duration wait, _))
              ? now.plus(wait)
              : null;
      case Requeue requeue -> requeue.due(now);
      case DeadLetter _, Complete _ -> null;
    };
  }
}
