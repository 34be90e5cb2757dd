package dev.signrelay.sign;

import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
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
import dev.signrelay.jobrecord.RecordOf;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.quota.Quota;
import dev.signrelay.quota.Quota.QuotaUnavailableException;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.LineFull;
import dev.signrelay.sign.SignResult.NotQueued;
import dev.signrelay.sign.SignResult.NotRecorded;
import dev.signrelay.sign.SignResult.OfAttempt;
import dev.signrelay.sign.SignResult.TooManyJobs;
import dev.signrelay.signing.JobSigner;
import dev.signrelay.telemetry.FailureEvents;
import java.time.Duration;
import java.time.Instant;

/**
 * The one attempt to sign that an admitted request gets, and what follows of it: its job is stored
 * in the queue, and then recorded, so that no record promises a job that is not stored.
 */
final class RequestStep {

  /** DispatchFunction notes the length of the line every minute. */
  private static final Duration LINE_NOTED_AGAIN = Duration.ofMinutes(1);

  /** The longest wait for a free call inside SignFunction: absorbs clock skew. */
  private static final Duration MAX_GRANT_WAIT = Duration.ofMillis(250);

  /**
   * Once an attempt has taken this long, the clients of SQS and of the records are initialized in
   * parallel. Their first use takes longer than a slow upstream leaves before the deadline.
   */
  private static final Duration SLOW_UPSTREAM_AFTER = Duration.ofMillis(200);

  /** What storing a job takes from the quota of its client. */
  private enum Allowance {
    TAKEN,
    /** The client has no quota, the table does not answer, or no job is stored. */
    NOT_COUNTED,
    USED_UP
  }

  private final Services services;
  private final Config config;
  private final JobSigner signer;

  RequestStep(Services services) {
    this.services = services;
    this.config = services.config();
    this.signer =
        services.jobSigner(timeout -> services.limiter().acquire(MAX_GRANT_WAIT, timeout));
  }

  /** Makes the attempt. */
  OfAttempt run(Submission submission) {
    return submission.makesJob() ? signOrQueue(submission) : sign(submission);
  }

  private OfAttempt sign(Submission submission) {
    SigningResult result =
        signer.attempt(
            submission.id(),
            submission.request().message(),
            submission.budget().signing(config.upstream().timeout()));
    return new Attempted(answerTo(result), new Signing(submission.id(), "", 1, null, result));
  }

  private static SignAnswer answerTo(SigningResult result) {
    return switch (result) {
      case Called(Signed _, _, _) -> SignAnswer.SIGNED;
      case Called(Rejected _, _, _) -> SignAnswer.REJECTED;
      case Called(Retryable _, _, _) -> SignAnswer.UNSIGNED;
      case Reused _ -> SignAnswer.SIGNED;
      case CallUnderWay _,
          NotGranted _,
          OutOfTime _,
          LimiterUnavailable _,
          KeyUnavailable _,
          GrantExpired _ ->
          SignAnswer.UNSIGNED;
    };
  }

  private OfAttempt signOrQueue(Submission submission) {
    NeedsSignature job = submission.job();
    SigningResult result;
    try (var _ = services.queuePrimer().primeAfter(primingDelay(submission), services.time())) {
      result =
          signer.attempt(
              job.id(),
              job.message(),
              submission
                  .budget()
                  .signing(config.upstream().timeout())
                  .until(job.acceptance().validUntil()));
    }
    Signing attempt = Signing.of(job, result);
    AfterSigning decision = services.afterSigning(job, result);
    if (result instanceof NotGranted(Duration wait, boolean isKnown)) {
      if (!isKnown) {
        return new LineFull(attempt, LINE_NOTED_AGAIN);
      }
      if (config.retry().exceedsLine(wait)) {
        return new LineFull(attempt, wait.minus(config.retry().maxLineTime()));
      }
    }
    if (decision instanceof Requeue requeue && expiresBeforeCall(requeue, result)) {
      return new Attempted(SignAnswer.UNSIGNED, attempt);
    }
    Instant now = services.time().instant();
    Allowance allowance = Allowance.NOT_COUNTED;
    try {
      if (decision instanceof Requeue) {
        allowance = allowance(submission, result, now);
      }
      return allowance == Allowance.USED_UP
          ? new TooManyJobs(attempt, Quota.untilNextHour(now))
          : carryOut(submission, job, attempt, decision);
    } catch (QuotaUnavailableException e) {
      return new NotQueued(attempt, decision, e);
    } catch (QueueUnavailableException e) {
      if (allowance == Allowance.TAKEN) {
        giveBack(submission, now);
      }
      return new NotQueued(attempt, decision, e);
    }
  }

  /** A job without a receiver needs its record before the answer. */
  private static Duration primingDelay(Submission submission) {
    return submission.request().callbackUrl() == null ? Duration.ZERO : SLOW_UPSTREAM_AFTER;
  }

  /** Whether a job would expire before its next call may begin, as far as that is known. */
  private boolean expiresBeforeCall(Requeue requeue, SigningResult result) {
    Instant now = services.time().instant();
    Duration inLine = result instanceof NotGranted(Duration wait, _) ? wait : Duration.ZERO;
    return requeue.job().isExpired(requeue.due(now).plus(inLine));
  }

  /**
   * Counts a job in its client's quota. If the table does not answer, the job is accepted, unless
   * no time was left for an attempt: a client that sends its body slowly could otherwise pass its
   * quota.
   *
   * @throws QuotaUnavailableException if the job is not accepted
   */
  private Allowance allowance(Submission submission, SigningResult result, Instant now) {
    if (!config.clients().haveQuota(submission.client())) {
      return Allowance.NOT_COUNTED;
    }
    Duration timeout = submission.budget().quotaTimeout(now);
    try {
      return services.quota().take(submission.client(), now, timeout)
          ? Allowance.TAKEN
          : Allowance.USED_UP;
    } catch (QuotaUnavailableException e) {
      services.log().write(FailureEvents.quotaUnknown(submission.id(), e));
      if (result instanceof OutOfTime) {
        throw e;
      }
      return Allowance.NOT_COUNTED;
    }
  }

  private void giveBack(Submission submission, Instant taken) {
    Duration timeout = submission.budget().recordTimeout(services.time().instant());
    try {
      services.quota().giveBack(submission.client(), taken, timeout);
    } catch (QuotaUnavailableException e) {
      services.log().write(FailureEvents.quotaUnknown(submission.id(), e));
    }
  }

  private OfAttempt carryOut(
      Submission submission, NeedsSignature job, Signing attempt, AfterSigning decision) {
    Duration timeout = submission.budget().sendTimeout(services.time().instant());
    return switch (decision) {
      case Deliver _ -> new Decided(SignAnswer.SIGNED, attempt, decision);
      case Requeue requeue -> {
        services.queues().send(requeue, timeout);
        if (requeue.queue() == JobQueue.LINE && attempt.result() instanceof NotGranted) {
          noteJoined(submission);
        }
        services.queuePrimer().skip();
        yield stored(submission, job, attempt, decision);
      }
      case DeadLetter(var dead, DeadLetterReason reason) -> {
        services.queues().deadLetter(dead, reason, timeout);
        var _ = isRecorded(submission, job, attempt, decision);
        yield new Decided(answerTo(reason), attempt, decision);
      }
    };
  }

  /** If this fails, or the limiter did not answer before, the next run counts the job. */
  private void noteJoined(Submission submission) {
    Duration timeout = submission.budget().noteTimeout(services.time().instant());
    try {
      services.limiter().noteJoined(timeout);
    } catch (LimiterUnavailableException e) {
      services.log().write(FailureEvents.lineNotNoted(submission.id(), e));
    }
  }

  /**
   * A job without a receiver is promised only if it has a record, since nothing else tells its
   * result.
   */
  private OfAttempt stored(
      Submission submission, NeedsSignature job, Signing attempt, AfterSigning decision) {
    boolean recorded = isRecorded(submission, job, attempt, decision);
    if (!recorded && submission.request().callbackUrl() == null) {
      return new NotRecorded(attempt, decision);
    }
    SignAnswer answer =
        recorded && submission.respondAsync() ? SignAnswer.ACCEPTED : SignAnswer.QUEUED;
    return new Decided(answer, attempt, decision);
  }

  private boolean isRecorded(
      Submission submission, NeedsSignature job, Signing attempt, AfterSigning decision) {
    Instant now = services.time().instant();
    return config.records().enabled()
        && services.write(
            RecordOf.step(job, attempt, decision, now), submission.budget().recordTimeout(now));
  }

  private static SignAnswer answerTo(DeadLetterReason reason) {
    return switch (reason.kind()) {
      case MESSAGE_REJECTED -> SignAnswer.REJECTED;
      case SIGNING_EXHAUSTED,
          CALLBACK_EXHAUSTED,
          CALLBACK_GONE,
          CALLBACK_FORBIDDEN,
          EXPIRED,
          MALFORMED ->
          SignAnswer.UNSIGNED;
    };
  }
}
