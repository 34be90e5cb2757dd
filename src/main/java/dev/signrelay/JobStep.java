package dev.signrelay;

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

  /**
   * Takes a job a step on.
   *
   * @param deadline by when the step has ended
   * @return false if the queue must not forget the job, for it did not take what comes next, or
   *     there was no time for a step
   */
  boolean take(Job job, Instant deadline) {
    if (!leftOf(deadline).isPositive()) {
      parts.log().write(AttemptLines.outOfTime(job));
      return false;
    }
    Optional<Requeue> wait = parts.policy().waitOn(job, parts.clock().instant());
    if (wait.isPresent()) {
      return carryOut(wait.get(), AttemptLines.waiting(job), deadline);
    }
    return switch (job) {
      case NeedsSignature j -> signWhenGranted(j, deadline);
      case NeedsCallback j -> deliver(j, deadline);
    };
  }

  private boolean signWhenGranted(NeedsSignature job, Instant deadline) {
    BeforeSigning next;
    try {
      Grant grant = grantFor(job, TimeLimit.shorter(LIMITER_TIMEOUT, leftOf(deadline)));
      next = parts.policy().onGrant(job, grant, parts.clock().instant(), RetryPolicy.PATIENCE);
    } catch (LimiterUnavailableException e) {
      Instant now = parts.clock().instant();
      return carryOut(
          parts.policy().withoutLimiter(job, now, parts.random().getAsDouble()),
          AttemptLines.limiterUnavailable(job.id(), job.attempt(), e),
          deadline);
    }
    return switch (next) {
      case Sign(var granted, Grant grant) ->
          parts.pause().until(grant.from()) && sign(granted, grant, deadline);
      case Requeue wait ->
          carryOut(wait, AttemptLines.rateLimited(job.id(), job.attempt()), deadline);
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

  private boolean sign(NeedsSignature job, Grant grant, Instant deadline) {
    Instant start = parts.clock().instant();
    Duration timeout = TimeLimit.shorter(parts.config().upstreamRetryTimeout(), leftOf(deadline));
    SigningOutcome outcome = parts.signer().sign(job.message(), timeout, grant.until());
    Instant end = parts.clock().instant();
    AfterSigning decision =
        parts.policy().afterSigning(job, outcome, end, parts.random().getAsDouble());
    return carryOut(
        decision, AttemptLines.signing(job, outcome, Duration.between(start, end)), deadline);
  }

  private boolean deliver(NeedsCallback job, Instant deadline) {
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

  private boolean carryOut(RetryDecision decision, LogEvent attempt, Instant deadline) {
    LogEvent line = AttemptLines.decided(attempt, decision);
    Duration timeout = Duration.between(parts.clock().instant(), deadline);
    try {
      switch (decision) {
        case Requeue(Job next, Duration delay) -> parts.queue().send(next, delay, timeout);
        case DeadLetter(Job fresh, var reason) -> parts.queue().deadLetter(fresh, reason, timeout);
        case Deliver _, Complete _ -> {}
      }
    } catch (QueueUnavailableException e) {
      parts.log().write(AttemptLines.queueUnavailable(line, e));
      return false;
    }
    parts.log().write(line);
    return switch (decision) {
      case Deliver(NeedsCallback signed) -> deliverIfTimeIsLeft(signed, deadline);
      case DeadLetter(Job job, var reason) -> {
        if (parts.config().callbackOnFailure() && reason.kind().mayBeTold()) {
          tellReceiver(job, deadline);
        }
        yield true;
      }
      case Requeue _, Complete _ -> true;
    };
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
  private boolean deliverIfTimeIsLeft(NeedsCallback signed, Instant deadline) {
    return leftOf(deadline).compareTo(WORTH_BEGINNING) >= 0
        ? deliver(signed, deadline)
        : carryOut(new Requeue(signed, Duration.ZERO), AttemptLines.waiting(signed), deadline);
  }

  private Duration leftOf(Instant deadline) {
    return Duration.between(parts.clock().instant(), deadline.minus(QUEUE_RESERVE));
  }
}
