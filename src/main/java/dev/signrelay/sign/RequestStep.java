package dev.signrelay.sign;

import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.aws.Table.TableUnavailableException;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.policy.RetryDecision.AfterSigning;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.telemetry.FailureEvents;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one attempt to sign for an admitted request. Its job, if it makes one, is stored in a queue
 * and then recorded, so that no record promises a job that is not stored.
 */
final class RequestStep {

  /** The longest wait for a free call inside SignFunction: absorbs clock skew. */
  private static final Duration MAX_GRANT_WAIT = Duration.ofMillis(250);

  /**
   * Once an attempt has taken this long, the clients of SQS and of the records are initialized in
   * parallel. Their first use takes longer than a slow upstream leaves before the deadline.
   */
  private static final Duration SLOW_UPSTREAM_AFTER = Duration.ofMillis(200);

  /** An answer. {@code isStored}: whether the job or its dead letter was stored. */
  record Attempted(Answer answer, Signing attempt, boolean isStored) {}

  private final Services services;
  private final Config config;

  RequestStep(Services services) {
    this.services = services;
    this.config = services.config();
  }

  /** Makes the attempt. */
  Attempted run(Submission submission) {
    return submission.makesJob() ? signOrQueue(submission) : sign(submission);
  }

  private Attempted sign(Submission submission) {
    var attempt = new Signing(submission.job(), attempt(submission, null));
    return new Attempted(Answers.attempted(attempt), attempt, false);
  }

  private Attempted signOrQueue(Submission submission) {
    NeedsSignature job = submission.job();
    SigningResult result;
    try (var _ = services.queuePrimer().primeAfter(primingDelay(submission), services.time())) {
      result = attempt(submission, job.acceptance().validUntil());
    }
    var attempt = new Signing(job, result);
    AfterSigning decision = services.afterSigning(job, result);
    if (result instanceof NotGranted(Duration wait, boolean isKnown)
        && (!isKnown || config.retry().exceedsLine(wait))) {
      Duration excess =
          isKnown ? wait.minus(config.retry().maxLineTime()) : Answers.DISPATCH_INTERVAL;
      return notStored(Answers.lineFull(attempt, excess), attempt);
    }
    return switch (decision) {
      case Deliver _ -> notStored(Answers.attempted(attempt), attempt);
      case DeadLetter dead -> deadLetter(submission, attempt, dead);
      case Requeue requeue when expiresBeforeCall(requeue, result) ->
          notStored(Answers.attempted(attempt), attempt);
      case Requeue requeue -> queue(submission, attempt, requeue);
    };
  }

  /**
   * @param validUntil until when the result is wanted; null: as long as it takes
   */
  private SigningResult attempt(Submission submission, @Nullable Instant validUntil) {
    Duration maxUpstreamTime = config.upstream().timeout();
    return services
        .jobSigner(timeout -> services.limiter().acquire(MAX_GRANT_WAIT, timeout))
        .attempt(
            submission.id(),
            submission.request().message(),
            submission.budget().signing(maxUpstreamTime).until(validUntil));
  }

  /** A job without a receiver needs its record before the answer. */
  private static Duration primingDelay(Submission submission) {
    return submission.request().callbackUrl() == null ? Duration.ZERO : SLOW_UPSTREAM_AFTER;
  }

  private static Attempted notStored(Answer answer, Signing attempt) {
    return new Attempted(answer, attempt, false);
  }

  /** Whether a job would expire before its next call may begin, as far as that is known. */
  private boolean expiresBeforeCall(Requeue requeue, SigningResult result) {
    Instant now = services.time().instant();
    Duration inLine = result instanceof NotGranted(Duration wait, _) ? wait : Duration.ZERO;
    return requeue.job().isExpired(requeue.due(now).plus(inLine));
  }

  private Attempted deadLetter(Submission submission, Signing attempt, DeadLetter decision) {
    try {
      services.queues().deadLetter(decision.job(), decision.reason(), sendTimeout(submission));
    } catch (QueueUnavailableException e) {
      return notStored(Answers.notQueued(attempt, decision, e), attempt);
    }
    var _ = isRecorded(submission, attempt, decision);
    return new Attempted(Answers.deadLettered(attempt, decision), attempt, true);
  }

  /**
   * Stores a job, and counts it in its client's quota. If the table does not answer, the job is
   * accepted, unless no time was left for an attempt: a client that sends its body slowly could
   * otherwise pass its quota.
   */
  private Attempted queue(Submission submission, Signing attempt, Requeue requeue) {
    if (!config.clients().haveQuota(submission.client())) {
      return send(submission, attempt, requeue);
    }
    Instant now = services.time().instant();
    Duration timeout = submission.budget().quotaTimeout(now);
    try {
      if (!services.jobTable().takeQuota(submission.client(), now, timeout)) {
        return notStored(Answers.quotaUsedUp(attempt, JobTable.untilNextHour(now)), attempt);
      }
    } catch (TableUnavailableException e) {
      services.log().write(FailureEvents.quotaUnknown(submission.id(), e));
      return attempt.result() instanceof OutOfTime
          ? notStored(Answers.notQueued(attempt, requeue, e), attempt)
          : send(submission, attempt, requeue);
    }
    Attempted sent = send(submission, attempt, requeue);
    if (!sent.isStored()) {
      giveBack(submission, now);
    }
    return sent;
  }

  private Attempted send(Submission submission, Signing attempt, Requeue requeue) {
    try {
      services.queues().send(requeue, sendTimeout(submission));
    } catch (QueueUnavailableException e) {
      return notStored(Answers.notQueued(attempt, requeue, e), attempt);
    }
    if (requeue.queue() == JobQueue.LINE && attempt.result() instanceof NotGranted) {
      noteJoined(submission);
    }
    boolean recorded = isRecorded(submission, attempt, requeue);
    services.queuePrimer().skip();
    // The result of a job without a receiver can only be read from its record.
    Answer answer =
        !recorded && submission.request().callbackUrl() == null
            ? Answers.notRecorded(attempt, requeue)
            : Answers.queued(attempt, requeue, recorded && submission.respondAsync());
    return new Attempted(answer, attempt, true);
  }

  private void giveBack(Submission submission, Instant taken) {
    Duration timeout = submission.budget().recordTimeout(services.time().instant());
    try {
      services.jobTable().returnQuota(submission.client(), taken, timeout);
    } catch (TableUnavailableException e) {
      services.log().write(FailureEvents.quotaUnknown(submission.id(), e));
    }
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

  private boolean isRecorded(Submission submission, Signing attempt, AfterSigning decision) {
    return config.records().enabled()
        && services.writeRecord(
            attempt, decision, submission.budget().recordTimeout(services.time().instant()));
  }

  private Duration sendTimeout(Submission submission) {
    return submission.budget().sendTimeout(services.time().instant());
  }
}
