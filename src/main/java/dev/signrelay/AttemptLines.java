package dev.signrelay;

import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.log.LogEvent;
import dev.signrelay.log.LogEvent.Level;
import dev.signrelay.log.MessageHash;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.retry.Job;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision;
import dev.signrelay.retry.RetryDecision.Complete;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.upstream.SigningOutcome;
import java.time.Duration;

/**
 * What the log says of an attempt: whose it was, how it ended, how long it took and what follows.
 * The only places of a message, a signature and a callback URL in a log are a short hash, none and
 * the host.
 */
final class AttemptLines {

  private AttemptLines() {}

  /** Of a request that names no callback. */
  static LogEvent signing(
      String id, String message, int attempt, SigningOutcome outcome, Duration took) {
    return LogEvent.of(level(outcome), "signing attempt")
        .with("id", id)
        .with("messageHash", MessageHash.of(message))
        .with("attempt", attempt)
        .with("outcome", outcome.code())
        .with("millis", took.toMillis());
  }

  static LogEvent signing(NeedsSignature job, SigningOutcome outcome, Duration took) {
    return signing(job.id(), job.message(), job.attempt(), outcome, took)
        .with("callbackHost", job.acceptance().callbackUrl().getHost());
  }

  static LogEvent delivery(NeedsCallback job, DeliveryOutcome outcome, Duration took) {
    return LogEvent.of(Level.INFO, "callback attempt")
        .with("id", job.id())
        .with("attempt", job.attempt())
        .with("outcome", outcome.code())
        .with("millis", took.toMillis())
        .with("callbackHost", job.acceptance().callbackUrl().getHost());
  }

  /** Of telling a receiver that its job is given up. */
  static LogEvent failureNotice(Job job, DeliveryOutcome outcome, Duration took) {
    return LogEvent.of(Level.INFO, "failure notice")
        .with("id", job.id())
        .with("outcome", outcome.code())
        .with("millis", took.toMillis())
        .with("callbackHost", job.acceptance().callbackUrl().getHost());
  }

  /** Of a job that has to wait on before its next attempt. */
  static LogEvent waiting(Job job) {
    return LogEvent.of(Level.INFO, "waiting").with("id", job.id()).with("attempt", job.attempt());
  }

  /** Of an attempt that may not be made yet. */
  static LogEvent rateLimited(String id, int attempt) {
    return LogEvent.of(Level.INFO, "rate limited").with("id", id).with("attempt", attempt);
  }

  /** Of an attempt that is not made, for nobody knows whether it may be. */
  static LogEvent limiterUnavailable(String id, int attempt, LimiterUnavailableException e) {
    return LogEvent.of(Level.ERROR, "rate limiter unavailable")
        .with("id", id)
        .with("attempt", attempt)
        .with("error", e.getMessage())
        .with("cause", rootOf(e).getClass().getSimpleName());
  }

  /** Of a job that the function has no time for: its timeout is shorter than its settings need. */
  static LogEvent outOfTime(Job job) {
    return LogEvent.of(Level.WARN, "out of time").with("id", job.id());
  }

  static LogEvent decided(LogEvent line, RetryDecision decision) {
    return switch (decision) {
      case Deliver _ -> line.with("decision", "deliver");
      case Complete _ -> line.with("decision", "complete");
      case Requeue(_, Duration delay) ->
          line.with("decision", "requeue").with("delaySeconds", delay.toMillis() / 1000.0);
      case DeadLetter(_, var reason) ->
          line.atLeast(Level.WARN)
              .with("decision", "dead-letter")
              .with("reason", reason.kind().code());
    };
  }

  /** Of SignFunction's attempt: a signature goes into the answer. */
  static LogEvent answered(LogEvent line, RetryDecision.AfterSigning decision) {
    return decision instanceof Deliver ? line.with("decision", "answer") : decided(line, decision);
  }

  /** A decision that could not be carried out. */
  static LogEvent queueUnavailable(LogEvent line, QueueUnavailableException e) {
    return line.atLeast(Level.ERROR)
        .with("error", e.getMessage())
        .with("cause", rootOf(e).getClass().getSimpleName());
  }

  private static Throwable rootOf(RuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getCause() == null ? cause : cause.getCause();
  }

  static LogEvent refused(String id, String error) {
    return LogEvent.of(Level.INFO, "request refused").with("id", id).with("error", error);
  }

  static LogEvent malformed(String queueMessageId, String error) {
    return LogEvent.of(Level.ERROR, "malformed queue message")
        .with("queueMessageId", queueMessageId)
        .with("error", error);
  }

  static LogEvent unexpected(String id, Throwable e) {
    return failure(LogEvent.of(Level.ERROR, "unexpected failure").with("id", id), e);
  }

  /** Of a function that will start slowly. */
  static LogEvent unrehearsed(Exception e) {
    return failure(LogEvent.of(Level.WARN, "rehearsal failed"), e);
  }

  /** The exception's text stays out: it may quote what must not be logged. */
  private static LogEvent failure(LogEvent line, Throwable e) {
    StackTraceElement[] trace = e.getStackTrace();
    return line.with("error", e.getClass().getName())
        .with("at", trace.length == 0 ? null : trace[0].toString());
  }

  private static Level level(SigningOutcome outcome) {
    return switch (outcome) {
      case SigningOutcome.Unsigned unsigned when unsigned.keyRefused() -> Level.ERROR;
      case SigningOutcome.Rejected _ -> Level.WARN;
      case SigningOutcome.Unsigned _, SigningOutcome.Signed _ -> Level.INFO;
    };
  }
}
