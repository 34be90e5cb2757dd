package dev.signrelay.sign;

import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.attempt.SigningTimeouts;
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
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/**
 * Answers an admitted request to sign with one attempt. A job that has to continue is stored in a
 * queue and then recorded, so that a record never precedes its job.
 */
record RequestStep(Services services, Submission submission) {

  /** The longest wait for a free call inside SignFunction: absorbs clock skew. */
  private static final Duration MAX_GRANT_WAIT = Duration.ofMillis(250);

  /**
   * How long before a slow attempt has to end the clients of SQS and of the records are
   * initialized, in parallel with it. That takes half a second of one processor.
   */
  private static final Duration INITIALIZATION = Duration.ofMillis(800);

  /**
   * A request that was answered.
   *
   * @param isStored whether its job, or the job's dead letter, is in a queue
   */
  record Answered(Answer answer, Signing attempt, boolean isStored) {}

  Answered run() {
    URI receiver = submission.request().callbackUrl();
    NeedsSignature job = submission.job(receiver);
    SigningTimeouts timeouts = submission.budget().signing(services.config().upstream().timeout());
    if (receiver == null && !submission.respondAsync()) {
      // No job is made: its result could be neither delivered nor read.
      var attempt = new Signing(job, attempt(timeouts));
      return notStored(Answers.attempted(attempt), attempt);
    }
    // A job without a receiver needs its record before the answer.
    Duration slack =
        receiver == null
            ? Duration.ZERO
            : services.time().until(timeouts.deadline().minus(INITIALIZATION));
    SigningResult result;
    try (var _ = services.queuePrimer().primeAfter(slack, services.time())) {
      result = attempt(timeouts.until(job.acceptance().validUntil()));
    }
    var attempt = new Signing(job, result);
    if (result instanceof NotGranted refusal && refusedByLine(refusal, services.config().retry())) {
      return notStored(
          Answers.lineFull(attempt, refusal, services.config().retry().maxLineTime()), attempt);
    }
    Instant now = services.time().instant();
    AfterSigning decision =
        services.config().retryPolicy().afterSigning(job, result, now, services.random());
    return switch (decision) {
      case DeadLetter dead -> deadLetter(attempt, dead);
      case Requeue requeue when !expiresBeforeCall(requeue, result, now) -> queue(attempt, requeue);
      case Deliver _, Requeue _ -> notStored(Answers.attempted(attempt), attempt);
    };
  }

  private SigningResult attempt(SigningTimeouts timeouts) {
    return services
        .jobSigner(timeout -> services.limiter().acquire(MAX_GRANT_WAIT, timeout))
        .attempt(submission.id(), submission.request().message(), timeouts);
  }

  private static Answered notStored(Answer answer, Signing attempt) {
    return new Answered(answer, attempt, false);
  }

  /** Whether the line is too long for a job that has to wait, or its length unknown. */
  private static boolean refusedByLine(NotGranted refusal, Config.Retry bounds) {
    return !refusal.isKnown() || bounds.exceedsLine(refusal.expectedWait());
  }

  /** Whether a job would expire before its next call may begin, as far as that is known. */
  private static boolean expiresBeforeCall(Requeue requeue, SigningResult result, Instant now) {
    Duration inLine = result instanceof NotGranted(Duration wait, _) ? wait : Duration.ZERO;
    return requeue.job().isExpired(requeue.due(now).plus(inLine));
  }

  private Answered deadLetter(Signing attempt, DeadLetter decision) {
    try {
      services
          .queues()
          .deadLetter(decision.job(), decision.reason(), submission.budget().sendTimeout());
    } catch (QueueUnavailableException e) {
      return notStored(Answers.notQueued(attempt, decision, e), attempt);
    }
    var _ = writeRecord(attempt, decision);
    return new Answered(Answers.deadLettered(attempt, decision), attempt, true);
  }

  /**
   * Stores a job, and counts it in its client's quota. If the table does not answer, the job is
   * accepted, unless no time was left for an attempt: a client could cause that by sending its body
   * slowly, and so exceed its quota.
   */
  private Answered queue(Signing attempt, Requeue requeue) {
    if (!services.config().clients().haveQuota(submission.client())) {
      return send(attempt, requeue);
    }
    Instant now = services.time().instant();
    try {
      if (!services
          .jobTable()
          .takeQuota(submission.client(), now, submission.budget().quotaTimeout())) {
        return notStored(Answers.quotaUsedUp(attempt, JobTable.untilNextHour(now)), attempt);
      }
    } catch (TableUnavailableException e) {
      services.log().write(FailureEvents.quotaUnknown(submission.id(), e));
      return attempt.result() instanceof OutOfTime
          ? notStored(Answers.notQueued(attempt, requeue, e), attempt)
          : send(attempt, requeue);
    }
    Answered sent = send(attempt, requeue);
    if (!sent.isStored()) {
      giveBack(now);
    }
    return sent;
  }

  private Answered send(Signing attempt, Requeue requeue) {
    try {
      services.queues().send(requeue, submission.budget().sendTimeout());
    } catch (QueueUnavailableException e) {
      return notStored(Answers.notQueued(attempt, requeue, e), attempt);
    }
    if (requeue.queue() == JobQueue.LINE && attempt.result() instanceof NotGranted) {
      noteJoined();
    }
    boolean recorded = writeRecord(attempt, requeue);
    // The result of a job without a receiver can only be read from its record.
    Answer answer =
        !recorded && submission.request().callbackUrl() == null
            ? Answers.notRecorded(attempt, requeue)
            : Answers.queued(attempt, requeue, recorded && submission.respondAsync());
    return new Answered(answer, attempt, true);
  }

  private void giveBack(Instant taken) {
    try {
      services
          .jobTable()
          .returnQuota(submission.client(), taken, submission.budget().recordTimeout());
    } catch (TableUnavailableException e) {
      services.log().write(FailureEvents.quotaUnknown(submission.id(), e));
    }
  }

  /** If this fails, the next run of DispatchFunction counts the job. */
  private void noteJoined() {
    try {
      services.limiter().noteJoined(1, submission.budget().noteTimeout());
    } catch (LimiterUnavailableException e) {
      services.log().write(FailureEvents.lineNotNoted(submission.id(), e));
    }
  }

  private boolean writeRecord(Signing attempt, AfterSigning decision) {
    return services.config().records().enabled()
        && services.writeRecord(attempt, decision, submission.budget().recordTimeout());
  }
}
