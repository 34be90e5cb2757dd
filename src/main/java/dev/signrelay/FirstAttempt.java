package dev.signrelay;

import dev.signrelay.deadline.AnswerDeadline;
import dev.signrelay.deadline.Meanwhile;
import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.limit.Grant;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.log.LogEvent;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.BeforeSigning;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.retry.RetryDecision.Sign;
import dev.signrelay.upstream.SigningOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The attempt that SignFunction makes while its client waits. If the rate limit leaves no call for
 * it now, or nobody knows whether it does, no call is made.
 */
final class FirstAttempt {

  /** How long a call may wait for its grant: two clocks are never quite the same. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /**
   * After which the upstream counts as slow, and the queue is made ready: a process's first send
   * loads classes for longer than a slow upstream leaves.
   */
  private static final Duration HEAD_START = Duration.ofMillis(200);

  private final Wiring parts;

  FirstAttempt(Wiring parts) {
    this.parts = parts;
  }

  /** For a request that names no callback, and so takes no grant that is not for now. */
  HttpApiResponse answer(String message, String id, AnswerDeadline deadline) {
    Instant now = now();
    Optional<Grant> grant;
    try {
      grant = parts.limiter().ask(now.plus(PATIENCE), deadline.limiterTimeout(now));
    } catch (LimiterUnavailableException e) {
      parts.log().write(answered(AttemptLines.limiterUnavailable(id, 1, e)));
      return SignAnswer.unsigned(id);
    }
    if (grant.isEmpty()) {
      parts.log().write(answered(AttemptLines.rateLimited(id, 1)));
      return SignAnswer.unsigned(id);
    }
    Instant begin = now();
    SigningOutcome outcome = sign(message, grant.get(), deadline);
    parts.log().write(answered(AttemptLines.signing(id, message, 1, outcome, since(begin))));
    return switch (outcome) {
      case SigningOutcome.Signed(String signature) -> SignAnswer.signed(id, signature);
      case SigningOutcome.Unsigned _ -> SignAnswer.unsigned(id);
      case SigningOutcome.Rejected _ -> SignAnswer.rejected(id);
    };
  }

  /** For a request that names a callback: what is not signed now is in the queue afterwards. */
  HttpApiResponse answerOrQueue(NeedsSignature job, AnswerDeadline deadline) {
    BeforeSigning next;
    try {
      Grant grant = parts.limiter().ask(deadline.limiterTimeout(now()));
      next = parts.policy().onGrant(job, grant, now(), PATIENCE);
    } catch (LimiterUnavailableException e) {
      return carryOut(
          parts.policy().withoutLimiter(job, now(), parts.random().getAsDouble()),
          AttemptLines.limiterUnavailable(job.id(), job.attempt(), e),
          job,
          deadline);
    }
    return switch (next) {
      case Sign(var granted, Grant grant) -> signOrQueue(granted, grant, deadline);
      case Requeue wait ->
          carryOut(wait, AttemptLines.rateLimited(job.id(), job.attempt()), job, deadline);
    };
  }

  private HttpApiResponse signOrQueue(NeedsSignature job, Grant grant, AnswerDeadline deadline) {
    Instant begin = now();
    SigningOutcome outcome = signAndPrepare(job.message(), grant, deadline);
    AfterSigning decision =
        parts.policy().afterSigning(job, outcome, now(), parts.random().getAsDouble());
    return carryOut(decision, AttemptLines.signing(job, outcome, since(begin)), job, deadline);
  }

  private SigningOutcome signAndPrepare(String message, Grant grant, AnswerDeadline deadline) {
    if (parts.queue().isPrepared()) {
      return sign(message, grant, deadline);
    }
    try (var _ = Meanwhile.run(HEAD_START, parts.queue()::prepare)) {
      return sign(message, grant, deadline);
    }
  }

  private HttpApiResponse carryOut(
      AfterSigning decision, LogEvent attempt, NeedsSignature job, AnswerDeadline deadline) {
    LogEvent line = AttemptLines.answered(attempt, decision);
    try {
      HttpApiResponse answer = carryOut(decision, job, deadline.queueTimeout(now()));
      parts.log().write(line);
      return answer;
    } catch (QueueUnavailableException e) {
      parts.log().write(AttemptLines.queueUnavailable(line, e));
      return SignAnswer.queueUnavailable(job.id());
    }
  }

  private HttpApiResponse carryOut(AfterSigning decision, NeedsSignature job, Duration timeout) {
    return switch (decision) {
      case Deliver(var signed) -> SignAnswer.signed(job.id(), signed.signature());
      case Requeue(var next, Duration delay) -> {
        parts.queue().send(next, delay, timeout);
        yield SignAnswer.queued(job.id());
      }
      case DeadLetter(var fresh, var reason) -> {
        parts.queue().deadLetter(fresh, reason, timeout);
        yield switch (reason.kind()) {
          case MESSAGE_REJECTED -> SignAnswer.rejected(job.id());
          case SIGNING_EXHAUSTED, CALLBACK_EXHAUSTED, CALLBACK_GONE, CALLBACK_FORBIDDEN ->
              SignAnswer.unsigned(job.id());
        };
      }
    };
  }

  private SigningOutcome sign(String message, Grant grant, AnswerDeadline deadline) {
    if (!parts.pause().until(grant.from())) {
      return new SigningOutcome.Unsigned("interrupted", null);
    }
    Duration setting = parts.config().upstreamTimeout();
    return parts.signer().sign(message, deadline.upstreamTimeout(setting, now()), grant.until());
  }

  private static LogEvent answered(LogEvent line) {
    return line.with("decision", "answer");
  }

  private Instant now() {
    return parts.clock().instant();
  }

  private Duration since(Instant begin) {
    return Duration.between(begin, now());
  }
}
