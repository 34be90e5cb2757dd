package dev.signrelay.policy;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Retryable;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.policy.RetryDecision.AfterSigning;
import dev.signrelay.policy.RetryDecision.Complete;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides what follows from an attempt. All functions use the same policy, so the attempt that
 * SignFunction makes counts like any other.
 *
 * @param signing its attempts are upstream calls, including SignFunction's
 * @param delivery its attempts are deliveries of one signature
 */
public record RetryPolicy(Stage signing, Stage delivery) {

  /** A job that is due within this time is not requeued: two machines' clocks differ. */
  private static final Duration DUE_TOLERANCE = Duration.ofSeconds(1);

  /** The shortest delay of a queue besides zero: delays are whole seconds. */
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  /** The delay of a job that waits for another job's call for the same message. */
  private static final Backoff CALL_BACKOFF =
      new Backoff(Duration.ofSeconds(4), Duration.ofSeconds(8));

  /** The longest delay before a record is written again: there is no receiver to spare. */
  private static final Duration MAX_RECORD_DELAY = Duration.ofMinutes(1);

  /** The dead letter of a job that has expired. */
  public DeadLetter afterExpiry(Job job, Instant now) {
    return new DeadLetter(
        job.fresh(now), new DeadLetterReason(Kind.EXPIRED, "expired", job.attemptNumber() - 1));
  }

  /** The wait of a job that left its queue too early; empty: it is due or has expired. */
  public Optional<Requeue> waitUntilDue(Job job, Instant now) {
    Instant due = job.notBefore();
    return due == null || !now.isBefore(due.minus(DUE_TOLERANCE)) || job.isExpired(now)
        ? Optional.empty()
        : Optional.of(Requeue.after(Duration.between(now, due), job, now));
  }

  /**
   * @param random in [0, 1), for the jitter of a delay
   */
  public AfterSigning afterSigning(
      NeedsSignature job, SigningResult result, Instant now, double random) {
    boolean hasResult = result instanceof Called || result instanceof Reused;
    if (!hasResult && job.isExpired(now.plus(SHORTEST_WAIT))) {
      // A further attempt would also have too little time. The job waits until it expires.
      return Requeue.after(SHORTEST_WAIT, job, now);
    }
    return switch (result) {
      case Called(SigningOutcome outcome, _, _) -> afterCall(job, outcome, now, random);
      case Reused(String signature, _) -> new Deliver(job.signedBefore(signature, now));
      case CallUnderWay _ -> Requeue.after(CALL_BACKOFF.delayAfter(1, random), job, now);
      case OutOfTime _ -> new Requeue(job, Duration.ZERO);
      case NotGranted _, LimiterUnavailable _, KeyUnavailable _, GrantExpired _ ->
          new Requeue(job.withNotBefore(null), JobQueue.LINE, Duration.ZERO);
    };
  }

  private AfterSigning afterCall(
      NeedsSignature job, SigningOutcome outcome, Instant now, double random) {
    return switch (outcome) {
      case Signed(String signature) -> new Deliver(job.signed(signature, now));
      case Rejected(String code) -> deadLetter(job, Kind.MESSAGE_REJECTED, code, now);
      case Retryable failure when signing.isUsedUp(job, now) ->
          deadLetter(job, Kind.SIGNING_EXHAUSTED, failure.code(), now);
      case Retryable failure ->
          Requeue.after(signing.delay(job, failure.retryAfter(), now, random), job.next(), now);
    };
  }

  /**
   * @param random in [0, 1), for the jitter of a delay
   */
  public RetryDecision afterDelivery(
      NeedsCallback job, DeliveryOutcome outcome, Instant now, double random) {
    return switch (outcome) {
      case Delivered _ -> new Complete();
      case Gone(String code) -> deadLetter(job, Kind.CALLBACK_GONE, code, now);
      case Forbidden(String code) -> deadLetter(job, Kind.CALLBACK_FORBIDDEN, code, now);
      case Undelivered undelivered when delivery.isUsedUp(job, now) ->
          deadLetter(job, Kind.CALLBACK_EXHAUSTED, undelivered.code(), now);
      case Undelivered undelivered ->
          Requeue.after(delayOfDelivery(job, undelivered, now, random), job.next(), now);
    };
  }

  private Duration delayOfDelivery(
      NeedsCallback job, Undelivered undelivered, Instant now, double random) {
    Duration delay = delivery.delay(job, undelivered.retryAfter(), now, random);
    boolean isTooLong =
        job.acceptance().callbackUrl() == null && delay.compareTo(MAX_RECORD_DELAY) > 0;
    return isTooLong ? MAX_RECORD_DELAY : delay;
  }

  private static DeadLetter deadLetter(Job job, Kind kind, String outcome, Instant now) {
    return new DeadLetter(job.fresh(now), new DeadLetterReason(kind, outcome, job.attemptNumber()));
  }
}
