package dev.signrelay.retry;

import dev.signrelay.app.Services;
import dev.signrelay.attempt.JobSigner.CallSource;
import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.policy.RetryDecision.AfterSigning;
import dev.signrelay.policy.RetryDecision.Complete;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.JobCodec.MalformedJobException;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.telemetry.AttemptEvents;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One step of the job of a message: a signing attempt or a delivery, its decision and its record. A
 * newly signed job with a callback URL goes to the callback queue, so that its signature is stored
 * before the first delivery, and slow receivers do not delay upstream calls. {@link RunningSteps}
 * sends the requeued jobs of several steps in one request.
 *
 * @param source where the message was received
 * @param deadline when the step has to be complete
 * @param calls where a signing attempt gets its grant from
 */
record JobStep(Services services, JobQueue source, Instant deadline, CallSource calls) {

  /** What has to be done with the message. */
  sealed interface Result {

    /** It can be acknowledged. */
    record Done() implements Result {}

    /** It can be acknowledged once its job has been sent to a queue. */
    record NeedsRequeue(Attempt attempt, Requeue decision) implements Result {}

    /** Its job was granted no call, and stays in line. Another run may receive it at once. */
    record Released() implements Result {}

    /** It must not be acknowledged: the queue delivers it again, when it is visible. */
    record Failed() implements Result {}
  }

  private static final Duration MAX_LIMITER_TIME = Duration.ofSeconds(3);

  /** Replaces {@link #MAX_LIMITER_TIME} in line, where a job waits until a call is free. */
  private static final Duration MAX_WAIT_IN_LINE = Duration.ofSeconds(10);

  /** Reserved at the end of a step for sending the job to a queue. */
  private static final Duration QUEUE_RESERVE = Duration.ofSeconds(3);

  /** A write has this time even if it has to use a part of the queue's reserve. */
  private static final Duration MIN_RECORD_TIME = Duration.ofMillis(500);

  /** The longest write of a record. It usually takes a few milliseconds. */
  private static final Duration MAX_RECORD_TIME = Duration.ofSeconds(1);

  /** Runs the step. A message that is not a job is dead-lettered, a redriven job begins anew. */
  Result run(ReceivedMessage message) {
    String id = "";
    try {
      Job job;
      try {
        job = JobCodec.decode(message.body());
      } catch (MalformedJobException e) {
        return deadLetter(message, e.getMessage());
      }
      id = job.id();
      return run(message.redriven() ? job.fresh(now()) : job);
    } catch (RuntimeException | Error e) {
      services.log().write(FailureEvents.unexpected(id, e));
      return new Result.Failed();
    }
  }

  private Result deadLetter(ReceivedMessage message, String error) {
    var event = FailureEvents.malformed(message.id(), error);
    try {
      services.queues().deadLetter(message, error, services.time().until(deadline));
    } catch (QueueUnavailableException e) {
      services.log().write(FailureEvents.queueUnavailable(event, e));
      return new Result.Failed();
    }
    services.log().write(event.counted(Metric.DEAD_LETTER_MALFORMED));
    return new Result.Done();
  }

  private Result run(Job job) {
    Optional<Requeue> early =
        toCallbackQueue(job).or(() -> services.config().retryPolicy().waitUntilDue(job, now()));
    if (early.isPresent()) {
      return new Result.NeedsRequeue(new Deferred(job), early.get());
    }
    if (!timeLeft().isPositive()) {
      services.log().write(FailureEvents.outOfTime(job.id()));
      return new Result.Failed();
    }
    Instant now = now();
    if (job.isExpired(now)) {
      return carryOut(new Deferred(job), services.config().retryPolicy().afterExpiry(job, now));
    }
    return switch (job) {
      case NeedsSignature unsigned -> sign(unsigned);
      case NeedsCallback signed -> deliver(signed);
    };
  }

  /**
   * Moves a job to the callback queue if its next step may call its receiver: it is signed, such as
   * after a redrive, or it has expired and its receiver is notified. Empty: it stays where it is.
   */
  private Optional<Requeue> toCallbackQueue(Job job) {
    boolean isNotified =
        services.config().callback().notifyOnFailure()
            && job.acceptance().callbackUrl() != null
            && job.isExpired(now());
    return source != JobQueue.CALLBACK && (job instanceof NeedsCallback || isNotified)
        ? Optional.of(new Requeue(job, JobQueue.CALLBACK, Duration.ZERO))
        : Optional.empty();
  }

  private Result sign(NeedsSignature job) {
    boolean inLine = source == JobQueue.LINE;
    var timeouts =
        new SigningTimeouts(
            deadline.minus(QUEUE_RESERVE),
            inLine ? MAX_WAIT_IN_LINE : MAX_LIMITER_TIME,
            services.config().upstream().retryTimeout());
    SigningResult result =
        services
            .jobSigner(calls)
            .attempt(job.id(), job.message(), timeouts.until(job.acceptance().validUntil()));
    var attempt = new Signing(job, result);
    AfterSigning decision =
        services.config().retryPolicy().afterSigning(job, result, now(), services.random());
    if (inLine && decision instanceof Requeue requeue && requeue.queue() == JobQueue.LINE) {
      services.log().write(AttemptEvents.staysInLine(attempt));
      // After another failure the next attempt would fail as well, and SQS counts receives.
      return result instanceof NotGranted ? new Result.Released() : new Result.Failed();
    }
    return carryOut(attempt, decision);
  }

  private Result deliver(NeedsCallback job) {
    Instant start = now();
    URI url = job.acceptance().callbackUrl();
    DeliveryOutcome outcome =
        url == null
            ? deliverToRecord(job, start)
            : services.callbacks().deliver(url, job.id(), job.signature(), callbackTimeout());
    Instant end = now();
    return carryOut(
        new Delivery(job, outcome, start, end),
        services.config().retryPolicy().afterDelivery(job, outcome, end, services.random()));
  }

  /** Delivers a signature to the job's record, from which the client reads it. */
  private DeliveryOutcome deliverToRecord(NeedsCallback job, Instant now) {
    var recorded = new Delivered("recorded");
    return services.writeRecord(
            new Delivery(job, recorded, now, now), new Complete(), recordTimeout())
        ? recorded
        : new Undelivered("record-unavailable", null);
  }

  /**
   * Carries out a decision, except that {@link RunningSteps} sends requeued jobs. Their records are
   * written before: a crash in between repeats the step, and leaves no step out of the record.
   */
  private Result carryOut(Attempt attempt, RetryDecision decision) {
    return switch (decision) {
      case DeadLetter dead -> deadLetter(attempt, dead);
      case Requeue requeue -> {
        writeRecord(attempt, decision);
        yield new Result.NeedsRequeue(attempt, requeue);
      }
      case Complete _ -> {
        writeRecord(attempt, decision);
        yield complete(attempt);
      }
      case Deliver(NeedsCallback signed) ->
          writeRecord(attempt, decision) && signed.acceptance().callbackUrl() == null
              ? complete(attempt)
              : new Result.NeedsRequeue(
                  attempt, new Requeue(signed, JobQueue.CALLBACK, Duration.ZERO));
    };
  }

  private Result complete(Attempt attempt) {
    services.log().write(AttemptEvents.carriedOut(attempt, new Complete()));
    return new Result.Done();
  }

  private Result deadLetter(Attempt attempt, DeadLetter decision) {
    try {
      services
          .queues()
          .deadLetter(decision.job(), decision.reason(), services.time().until(deadline));
    } catch (QueueUnavailableException e) {
      services.log().write(AttemptEvents.notQueued(attempt, decision, e));
      return new Result.Failed();
    }
    services.log().write(AttemptEvents.carriedOut(attempt, decision));
    // Without it, the job is over all the same: a repetition would call the upstream again.
    writeRecord(attempt, decision);
    notifyFailure(attempt.job(), decision.reason().kind());
    return new Result.Done();
  }

  /** Sends one notice in the time left, if the settings allow it. Its outcome is only logged. */
  private void notifyFailure(Job job, DeadLetterReason.Kind reason) {
    URI url = job.acceptance().callbackUrl();
    if (url == null
        || !services.config().callback().notifyOnFailure()
        || !reason.allowsFailureNotice()) {
      return;
    }
    Instant start = now();
    DeliveryOutcome outcome =
        services.callbacks().notifyFailure(url, job.id(), reason.code(), callbackTimeout());
    services.log().write(AttemptEvents.failureNotice(job, outcome, Duration.between(start, now())));
  }

  /**
   * Writes the record of a step, if the step is recorded. A failure is logged; no step is repeated
   * because of it.
   *
   * @return whether the record was written
   */
  private boolean writeRecord(Attempt attempt, RetryDecision decision) {
    return services.config().records().enabled()
        && JobRecord.isRecorded(attempt, decision)
        && services.writeRecord(attempt, decision, recordTimeout());
  }

  private Duration recordTimeout() {
    Duration left = timeLeft();
    return left.compareTo(MIN_RECORD_TIME) < 0
        ? MIN_RECORD_TIME
        : TimeSource.shorter(MAX_RECORD_TIME, left);
  }

  private Duration callbackTimeout() {
    return TimeSource.shorter(services.config().callback().timeout(), timeLeft());
  }

  private Duration timeLeft() {
    return services.time().until(deadline.minus(QUEUE_RESERVE));
  }

  private Instant now() {
    return services.time().instant();
  }
}
