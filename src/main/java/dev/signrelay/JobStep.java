package dev.signrelay;

import dev.signrelay.StepEnd.Finished;
import dev.signrelay.StepEnd.PutBack;
import dev.signrelay.StepEnd.Unfinished;
import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.deadline.TimeLimit;
import dev.signrelay.limit.Grant;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.log.LogEvent;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.retry.Job;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision;
import dev.signrelay.retry.RetryDecision.AfterDelivery;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.BeforeSigning;
import dev.signrelay.retry.RetryDecision.Complete;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.retry.RetryDecision.Sign;
import dev.signrelay.retry.RetryPolicy;
import dev.signrelay.upstream.SigningOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One step of one job: a wait, a signing attempt, a delivery, or a signing attempt and a delivery.
 * A job that goes back to the queue is not sent here, so that those of a batch can go together.
 */
final class JobStep {

  /** Kept of the time before the deadline for the queue. */
  private static final Duration QUEUE_RESERVE = Duration.ofSeconds(3);

  /** A delivery after a signing attempt that took nearly all the time is not begun with less. */
  private static final Duration WORTH_BEGINNING = Duration.ofSeconds(1);

  private static final Duration LIMITER_TIMEOUT = Duration.ofSeconds(2);

  private final Wiring parts;

  JobStep(Wiring parts) {
    this.parts = parts;
  }

  /** The whole step of a job that came out of the queue before it is due; empty: it is due. */
  Optional<PutBack> waitOn(Job job) {
    return parts
        .policy()
        .waitOn(job, parts.clock().instant())
        .map(wait -> putBack(wait, AttemptLines.waiting(job)));
  }

  /**
   * Takes a job that is due a step on.
   *
   * @param deadline by when the step has ended
   */
  StepEnd take(Job job, Instant deadline) {
    if (!leftOf(deadline).isPositive()) {
      parts.log().write(AttemptLines.outOfTime(job));
      return new Unfinished();
    }
    return switch (job) {
      case NeedsSignature j -> signWhenGranted(j, deadline);
      case NeedsCallback j -> deliver(j, deadline);
    };
  }

  private StepEnd signWhenGranted(NeedsSignature job, Instant deadline) {
    BeforeSigning next;
    try {
      Grant grant = grantFor(job, TimeLimit.shorter(LIMITER_TIMEOUT, leftOf(deadline)));
      next = parts.policy().onGrant(job, grant, parts.clock().instant(), RetryPolicy.PATIENCE);
    } catch (LimiterUnavailableException e) {
      Instant now = parts.clock().instant();
      return putBack(
          parts.policy().withoutLimiter(job, now, parts.random().getAsDouble()),
          AttemptLines.limiterUnavailable(job.id(), job.attempt(), e));
    }
    return switch (next) {
      case Sign(var granted, Grant grant) ->
          parts.pause().until(grant.from()) ? sign(granted, grant, deadline) : new Unfinished();
      case Requeue wait -> putBack(wait, AttemptLines.rateLimited(job.id(), job.attempt()));
    };
  }

  /** The one that the job carries, unless it came too late with it, or a copy of it came before. */
  private Grant grantFor(NeedsSignature job, Duration timeout) {
    Grant carried = job.grant();
    return carried != null
            && !carried.isOver(parts.clock().instant())
            && parts.limiter().redeem(carried, timeout)
        ? carried
        : parts.limiter().ask(timeout);
  }

  private StepEnd sign(NeedsSignature job, Grant grant, Instant deadline) {
    Instant start = parts.clock().instant();
    Duration timeout = TimeLimit.shorter(parts.config().upstreamRetryTimeout(), leftOf(deadline));
    SigningOutcome outcome = parts.signer().sign(job.message(), timeout, grant.until());
    Instant end = parts.clock().instant();
    AfterSigning decision =
        parts.policy().afterSigning(job, outcome, end, parts.random().getAsDouble());
    return carryOut(
        decision, AttemptLines.signing(job, outcome, Duration.between(start, end)), deadline);
  }

  private StepEnd deliver(NeedsCallback job, Instant deadline) {
    Instant start = parts.clock().instant();
    Duration timeout = TimeLimit.shorter(parts.config().callbackTimeout(), leftOf(deadline));
    DeliveryOutcome outcome =
        parts
            .callbacks()
            .deliver(job.acceptance().callbackUrl(), job.id(), job.signature(), timeout);
    Instant end = parts.clock().instant();
    AfterDelivery decision =
        parts.policy().afterDelivery(job, outcome, end, parts.random().getAsDouble());
    return carryOut(
        decision, AttemptLines.delivery(job, outcome, Duration.between(start, end)), deadline);
  }

  private StepEnd carryOut(RetryDecision decision, LogEvent attempt, Instant deadline) {
    return switch (decision) {
      case Requeue next -> putBack(next, attempt);
      case DeadLetter dead -> bury(dead, attempt, deadline);
      case Deliver(NeedsCallback signed) -> {
        parts.log().write(AttemptLines.decided(attempt, decision));
        yield deliverIfTimeIsLeft(signed, deadline);
      }
      case Complete _ -> {
        parts.log().write(AttemptLines.decided(attempt, decision));
        yield new Finished();
      }
    };
  }

  private static PutBack putBack(Requeue next, LogEvent attempt) {
    return new PutBack(next, AttemptLines.decided(attempt, next));
  }

  private StepEnd bury(DeadLetter dead, LogEvent attempt, Instant deadline) {
    LogEvent line = AttemptLines.decided(attempt, dead);
    Duration timeout = Duration.between(parts.clock().instant(), deadline);
    try {
      parts.queue().deadLetter(dead.job(), dead.reason(), timeout);
    } catch (QueueUnavailableException e) {
      parts.log().write(AttemptLines.queueUnavailable(line, e));
      return new Unfinished();
    }
    parts.log().write(line);
    if (parts.config().callbackOnFailure() && dead.reason().kind().mayBeTold()) {
      tellReceiver(dead.job(), deadline);
    }
    return new Finished();
  }

  /** Once, with the time that is left, and whatever comes of it: the job is a dead letter. */
  private void tellReceiver(Job job, Instant deadline) {
    Instant start = parts.clock().instant();
    Duration timeout = TimeLimit.shorter(parts.config().callbackTimeout(), leftOf(deadline));
    DeliveryOutcome outcome =
        parts.callbacks().deliver(job.acceptance().callbackUrl(), job.id(), null, timeout);
    Duration took = Duration.between(start, parts.clock().instant());
    parts.log().write(AttemptLines.failureNotice(job, outcome, took));
  }

  /** A delivery that would be cut short is left to the next invocation; that is no attempt. */
  private StepEnd deliverIfTimeIsLeft(NeedsCallback signed, Instant deadline) {
    return leftOf(deadline).compareTo(WORTH_BEGINNING) >= 0
        ? deliver(signed, deadline)
        : putBack(new Requeue(signed, Duration.ZERO), AttemptLines.waiting(signed));
  }

  private Duration leftOf(Instant deadline) {
    return Duration.between(parts.clock().instant(), deadline.minus(QUEUE_RESERVE));
  }
}
