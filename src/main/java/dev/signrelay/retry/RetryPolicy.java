package dev.signrelay.retry;

import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.callback.DeliveryOutcome.Forbidden;
import dev.signrelay.callback.DeliveryOutcome.Gone;
import dev.signrelay.callback.DeliveryOutcome.Undelivered;
import dev.signrelay.limit.Grant;
import dev.signrelay.retry.DeadLetterReason.Kind;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.AfterDelivery;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.BeforeSigning;
import dev.signrelay.retry.RetryDecision.Complete;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.retry.RetryDecision.Sign;
import dev.signrelay.upstream.SigningOutcome;
import dev.signrelay.upstream.SigningOutcome.Rejected;
import dev.signrelay.upstream.SigningOutcome.Signed;
import dev.signrelay.upstream.SigningOutcome.Unsigned;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an outcome means for a job. Both functions ask the same policy, so the attempt that
 * SignFunction makes counts like any other.
 *
 * @param maxAttempts upstream calls for one job, the first included; at least 1
 * @param maxCallbackAttempts deliveries tried for one signature; at least 1
 */
public record RetryPolicy(Backoff backoff, int maxAttempts, int maxCallbackAttempts) {

  /** How far a queue's delay and two machines' clocks may be apart without another hop. */
  private static final Duration EARLY = Duration.ofSeconds(1);

  /**
   * How long before its grant a job comes out of the queue: a queue delays by whole seconds, hands
   * out messages in batches, and the function may have to start first.
   */
  static final Duration LEAD = Duration.ofSeconds(3);

  /** How long before its grant a job that is due can be, and so how long RetryFunction waits. */
  public static final Duration PATIENCE = LEAD.plus(EARLY);

  public RetryPolicy {
    if (maxAttempts < 1 || maxCallbackAttempts < 1) {
      throw new IllegalArgumentException("at least one attempt must be allowed");
    }
  }

  /**
   * Whether a job that came out of the queue has to wait on.
   *
   * @return how; empty if it is due. A hop is not an attempt.
   */
  public Optional<Requeue> waitOn(Job job, Instant now) {
    Instant due = due(job);
    return due == null || !now.isBefore(due.minus(EARLY))
        ? Optional.empty()
        : Optional.of(Requeue.after(Duration.between(now, due), job, now));
  }

  private static @Nullable Instant due(Job job) {
    return job instanceof NeedsSignature unsigned && unsigned.grant() != null
        ? unsigned.grant().from().minus(LEAD)
        : job.notBefore();
  }

  /**
   * What a job does with the grant it has got. To wait for it is not an attempt.
   *
   * @param patience up to how long it may wait where it is; a longer wait is the queue's
   */
  public BeforeSigning onGrant(NeedsSignature job, Grant grant, Instant now, Duration patience) {
    if (grant.wait(now).compareTo(patience) <= 0) {
      return new Sign(job, grant);
    }
    Duration wait = grant.wait(now).minus(LEAD);
    return Requeue.after(wait.isNegative() ? Duration.ZERO : wait, job.withGrant(grant), now);
  }

  /**
   * What a job does that cannot get a grant, for nobody knows how many calls are being made. That
   * is not an attempt.
   *
   * @param random in [0, 1)
   */
  public Requeue withoutLimiter(NeedsSignature job, Instant now, double random) {
    return Requeue.after(backoff.delayAfter(job.attempt(), random), job.withGrant(null), now);
  }

  /**
   * @param random in [0, 1)
   */
  public AfterSigning afterSigning(
      NeedsSignature job, SigningOutcome outcome, Instant now, double random) {
    return switch (outcome) {
      case Signed(String signature) -> new Deliver(job.signed(signature));
      case Rejected rejected -> dead(job, Kind.MESSAGE_REJECTED, rejected.code());
      case Unsigned unsigned when job.attempt() >= maxAttempts ->
          dead(job, Kind.SIGNING_EXHAUSTED, unsigned.code());
      case Unsigned unsigned ->
          Requeue.after(delay(job, unsigned.retryAfter(), random), job.next(), now);
    };
  }

  /**
   * @param random in [0, 1)
   */
  public AfterDelivery afterDelivery(
      NeedsCallback job, DeliveryOutcome outcome, Instant now, double random) {
    return switch (outcome) {
      case Delivered _ -> new Complete();
      case Gone gone -> dead(job, Kind.CALLBACK_GONE, gone.code());
      case Forbidden forbidden -> dead(job, Kind.CALLBACK_FORBIDDEN, forbidden.code());
      case Undelivered undelivered when job.attempt() >= maxCallbackAttempts ->
          dead(job, Kind.CALLBACK_EXHAUSTED, undelivered.code());
      case Undelivered undelivered ->
          Requeue.after(delay(job, undelivered.retryAfter(), random), job.next(), now);
    };
  }

  private Duration delay(Job job, @Nullable Duration retryAfter, double random) {
    return backoff.delayAfter(
        job.attempt(), random, retryAfter == null ? Duration.ZERO : retryAfter);
  }

  private static DeadLetter dead(Job job, Kind kind, String outcome) {
    return new DeadLetter(job.fresh(), new DeadLetterReason(kind, outcome, job.attempt()));
  }
}
