package dev.signrelay.retry;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Grant;
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
import dev.signrelay.job.SigningResult.GrantSoon;
import dev.signrelay.job.SigningResult.GrantedLater;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.retry.RetryDecision.AfterDelivery;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.Complete;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows from an attempt. SignFunction and RetryFunction use the same policy, so the
 * attempt that SignFunction makes counts like any other.
 *
 * @param signing its attempts are upstream calls, that of SignFunction included
 * @param delivery its attempts are deliveries of one signature
 */
public record RetryPolicy(Stage signing, Stage delivery) {

  /** A job that is due within this time is not requeued: two machines' clocks differ. */
  private static final Duration DUE_TOLERANCE = Duration.ofSeconds(1);

  /** The delays of a queue are whole seconds: a shorter one would be none. */
  private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

  /** The longest wait for a grant inside RetryFunction. */
  public static final Duration MAX_GRANT_WAIT = Grant.LEAD.plus(DUE_TOLERANCE);

  /**
   * The delays after misses. They do not depend on the settings: when a fault of the rate limiter
   * or of Secrets Manager is over, the jobs that it held up must not wait longer than a minute.
   */
  private static final Backoff MISS_BACKOFF =
      new Backoff(Duration.ofSeconds(10), Duration.ofSeconds(60));

  /** The delay of a job that waits for the call of another one. */
  private static final Backoff CALL_BACKOFF =
      new Backoff(Duration.ofSeconds(4), Duration.ofSeconds(8));

  /** The line gives a grant that begins when the job has left the queue after it. */
  private static final Duration LEAST_TIME_IN_LINE = Grant.LEAD.plusSeconds(1);

  /**
   * A job that misses its turn this often in a row keeps its place. After that it joins the line.
   */
  private static final int KEPT_PLACES = 3;

  /**
   * A job that misses its turn this often in a row is dead-lettered, if its time is used up too.
   */
  static final int MAX_MISSES = 20;

  /**
   * Whether a job has expired. Nothing more is done for it.
   *
   * @return empty if its result is still wanted
   */
  public Optional<DeadLetter> expired(Job job, Instant now) {
    return job.isExpired(now)
        ? Optional.of(
            new DeadLetter(
                job.fresh(now), new DeadLetterReason(Kind.EXPIRED, "expired", job.attempt() - 1)))
        : Optional.empty();
  }

  /**
   * Whether a job that left the queue has to wait longer. That is not an attempt.
   *
   * @return empty if the job is due or has expired
   */
  public Optional<Requeue> waitUntilDue(Job job, Instant now) {
    Instant due = due(job);
    return due == null || !now.isBefore(due.minus(DUE_TOLERANCE)) || job.isExpired(now)
        ? Optional.empty()
        : Optional.of(Requeue.after(Duration.between(now, due), job, now));
  }

  private static @Nullable Instant due(Job job) {
    return job instanceof NeedsSignature unsigned && unsigned.grant() != null
        ? unsigned.grant().from().minus(Grant.LEAD)
        : job.notBefore();
  }

  /**
   * Decides after an attempt to sign.
   *
   * @param random in [0, 1), for the jitter of a delay
   */
  public AfterSigning afterSigning(
      NeedsSignature job, SigningResult result, Instant now, double random) {
    boolean hasResult = result instanceof Called || result instanceof Reused;
    if (!hasResult && job.isExpired(now.plus(SHORTEST_WAIT))) {
      // A further attempt would find too little time, again and again until the job expires.
      return Requeue.untilExpired(job, now);
    }
    return switch (result) {
      case Called(SigningOutcome outcome, _, _) -> afterCall(job, outcome, now, random);
      case Reused(String signature, _) -> new Deliver(job.signedBefore(signature, now));
      // Never to the line, which is for the rate limit.
      case CallUnderWay _ when job.hadItsTurn() || signing.isOver(job, now) ->
          afterMiss(job, "call-under-way", Integer.MAX_VALUE, now, random);
      case CallUnderWay _ -> Requeue.after(CALL_BACKOFF.delayAfter(1, random), job.inLine(), now);
      case GrantedLater(Grant grant, _) -> Requeue.untilGranted(job, grant, now);
      case OutOfTime _ -> new Requeue(job, Duration.ZERO);
      case GrantSoon _ -> new Requeue(job.inLine(), JobQueue.RETRY, Duration.ZERO);
      case NotGranted _ when job.hadItsTurn() ->
          afterMiss(job, "not-granted", KEPT_PLACES, now, random);
      case LimiterUnavailable missed when job.hadItsTurn() ->
          afterMiss(job, missed.code(), KEPT_PLACES, now, random);
      // It would expire before the line could give it a grant, and lengthen the line meanwhile.
      case NotGranted _ when expiresWithin(LEAST_TIME_IN_LINE, job, now) ->
          Requeue.untilExpired(job, now);
      case NotGranted _, LimiterUnavailable _ -> Requeue.toLine(job);
      // Never to the line, which is for the rate limit: without a limit, the job would leave it at
      // once, in a circle.
      case KeyUnavailable missed -> afterMiss(job, missed.code(), Integer.MAX_VALUE, now, random);
      case GrantExpired missed -> afterMiss(job, missed.code(), KEPT_PLACES, now, random);
    };
  }

  private static boolean expiresWithin(Duration time, NeedsSignature job, Instant now) {
    return job.isExpired(now.plus(time));
  }

  /**
   * @param keptPlaces after so many misses in a row the job joins the line
   */
  private AfterSigning afterMiss(
      NeedsSignature job, String code, int keptPlaces, Instant now, double random) {
    if (job.misses() >= MAX_MISSES - 1 && signing.isOver(job, now)) {
      return new DeadLetter(
          job.fresh(now), new DeadLetterReason(Kind.NOT_CALLED, code, job.attempt() - 1));
    }
    NeedsSignature missed = job.missed();
    return missed.misses() > keptPlaces
        ? Requeue.toLine(missed)
        : Requeue.after(MISS_BACKOFF.delayAfter(missed.misses(), random), missed, now);
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
   * Decides after a delivery.
   *
   * @param random in [0, 1), for the jitter of a delay
   */
  public AfterDelivery afterDelivery(
      NeedsCallback job, DeliveryOutcome outcome, Instant now, double random) {
    return switch (outcome) {
      case Delivered _ -> new Complete();
      case Gone(String code) -> deadLetter(job, Kind.CALLBACK_GONE, code, now);
      case Forbidden(String code) -> deadLetter(job, Kind.CALLBACK_FORBIDDEN, code, now);
      case Undelivered undelivered when delivery.isUsedUp(job, now) ->
          deadLetter(job, Kind.CALLBACK_EXHAUSTED, undelivered.code(), now);
      case Undelivered undelivered ->
          Requeue.after(
              delivery.delay(job, undelivered.retryAfter(), now, random), job.next(), now);
    };
  }

  private static DeadLetter deadLetter(Job job, Kind kind, String outcome, Instant now) {
    return new DeadLetter(job.fresh(now), new DeadLetterReason(kind, outcome, job.attempt()));
  }
}
