package dev.signrelay.retry;

import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.attempt.CallSource;
import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningResult;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.policy.RetryDecision.AfterSigning;
import dev.signrelay.policy.RetryDecision.Complete;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.retry.StepResult.Done;
import dev.signrelay.retry.StepResult.Failed;
import dev.signrelay.retry.StepResult.NeedsRequeue;
import dev.signrelay.retry.StepResult.Stays;
import dev.signrelay.telemetry.AttemptEvents;
import dev.signrelay.telemetry.FailureEvents;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One step of one job: a signing attempt or a delivery. A job that is signed goes to the callback
 * queue, so that its signature is stored before the first delivery, and receivers share no
 * invocation with upstream calls. Does not send requeued jobs: the batch sends them in one request.
 */
final class JobStep {

  private static final Duration MAX_LIMITER_TIME = Duration.ofSeconds(3);

  /** A job in line waits for the call that becomes free next. */
  private static final Duration MAX_WAIT_IN_LINE = Duration.ofSeconds(10);

  private final Services services;
  private final Config config;
  private final boolean inLine;
  private final StepBudget budget;
  private final StepRecords records;

  /**
   * @param inLine whether the jobs are in line, where they stay if they are granted no call
   * @param deadline when each step has to be complete
   */
  JobStep(Services services, boolean inLine, Instant deadline) {
    this.services = services;
    this.inLine = inLine;
    this.config = services.config();
    this.budget = new StepBudget(deadline);
    this.records = new StepRecords(services, budget);
  }

  /**
   * Runs the step of a job that is due.
   *
   * @param calls where a signing attempt gets its grant from
   */
  StepResult run(Job job, CallSource calls) {
    if (budget.isSpent(now())) {
      services.log().write(FailureEvents.outOfTime(job.id()));
      return new Failed();
    }
    Optional<NeedsRequeue> moved = inLine ? toCallbackQueue(services, job) : Optional.empty();
    if (moved.isPresent()) {
      return moved.get();
    }
    Optional<DeadLetter> expired = services.expired(job);
    if (expired.isPresent()) {
      return carryOut(job, new Deferred(job), expired.get());
    }
    return switch (job) {
      case NeedsSignature unsigned -> sign(unsigned, calls);
      case NeedsCallback signed -> deliver(signed);
    };
  }

  /**
   * Moves a job whose next step waits for its receiver, so that receivers share no invocation with
   * upstream calls: a job that is signed, as a redrive sends it, or one that has expired and whose
   * receiver is notified.
   *
   * @return empty if the next step of the job does not wait for its receiver
   */
  static Optional<NeedsRequeue> toCallbackQueue(Services services, Job job) {
    boolean isNotified =
        services.config().callback().notifyOnFailure()
            && job.acceptance().callbackUrl() != null
            && job.isExpired(services.time().instant());
    return job instanceof NeedsCallback || isNotified
        ? Optional.of(
            new NeedsRequeue(new Deferred(job), new Requeue(job, JobQueue.CALLBACK, Duration.ZERO)))
        : Optional.empty();
  }

  private StepResult sign(NeedsSignature job, CallSource calls) {
    SigningTimeouts timeouts =
        budget
            .signing(inLine ? MAX_WAIT_IN_LINE : MAX_LIMITER_TIME, config.upstream().retryTimeout())
            .until(job.acceptance().validUntil());
    SigningResult result = services.jobSigner(calls).attempt(job.id(), job.message(), timeouts);
    Signing attempt = Signing.of(job, result);
    AfterSigning decision = services.afterSigning(job, result);
    return inLine && decision instanceof Requeue(_, var queue, _) && queue == JobQueue.LINE
        ? new Stays(attempt)
        : carryOut(job, attempt, decision);
  }

  private StepResult deliver(NeedsCallback job) {
    Instant start = now();
    DeliveryOutcome outcome = deliver(job, start);
    Instant end = now();
    return carryOut(
        job, new Delivery(job, outcome, start, end), services.afterDelivery(job, outcome));
  }

  private DeliveryOutcome deliver(NeedsCallback job, Instant start) {
    URI url = job.acceptance().callbackUrl();
    Duration timeout = budget.callbackTimeout(config.callback().timeout(), start);
    return url == null
        ? records.keep(job)
        : services.callbacks().deliver(url, job.id(), job.signature(), timeout);
  }

  /**
   * The record is written before the batch requeues the job: a crash in between repeats the step,
   * and leaves no step out of the record.
   */
  private StepResult carryOut(Job job, Attempt attempt, RetryDecision decision) {
    return switch (decision) {
      case Requeue requeue -> {
        records.write(job, attempt, decision);
        yield new NeedsRequeue(attempt, requeue);
      }
      case DeadLetter deadLetter -> deadLetter(job, attempt, deadLetter);
      case Deliver(NeedsCallback signed) -> {
        boolean isKept = records.write(job, attempt, decision);
        yield isKept && job.acceptance().callbackUrl() == null
            ? complete(attempt)
            : new NeedsRequeue(attempt, new Requeue(signed, Duration.ZERO));
      }
      case Complete _ -> {
        records.write(job, attempt, decision);
        yield complete(attempt);
      }
    };
  }

  private StepResult complete(Attempt attempt) {
    log(attempt, new Complete());
    return new Done();
  }

  private StepResult deadLetter(Job job, Attempt attempt, DeadLetter decision) {
    try {
      services
          .queues()
          .deadLetter(decision.job(), decision.reason(), services.time().until(budget.deadline()));
    } catch (QueueUnavailableException e) {
      services.log().write(AttemptEvents.notQueued(attempt, decision, e));
      return new Failed();
    }
    log(attempt, decision);
    boolean isRecorded = records.write(job, attempt, decision);
    if (!isRecorded && records.isOnlyResult(job)) {
      // The step is repeated, and may send a second dead letter.
      return new Failed();
    }
    if (config.callback().notifyOnFailure() && decision.reason().kind().allowsFailureNotice()) {
      notifyFailure(job, decision.reason());
    }
    return new Done();
  }

  /** Sends one notice in the time that is left. Its outcome is only logged. */
  private void notifyFailure(Job job, DeadLetterReason reason) {
    URI url = job.acceptance().callbackUrl();
    if (url == null) {
      return;
    }
    Instant start = now();
    DeliveryOutcome outcome =
        services
            .callbacks()
            .notifyFailure(
                url,
                job.id(),
                reason.kind().code(),
                budget.callbackTimeout(config.callback().timeout(), start));
    services.log().write(AttemptEvents.failureNotice(job, outcome, Duration.between(start, now())));
  }

  private void log(Attempt attempt, RetryDecision decision) {
    services.log().write(AttemptEvents.carriedOut(attempt, decision));
  }

  private Instant now() {
    return services.time().instant();
  }
}
