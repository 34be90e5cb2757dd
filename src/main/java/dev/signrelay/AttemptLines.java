package dev.signrelay;

import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.log.LogEvent;
import dev.signrelay.log.LogEvent.Level;
import dev.signrelay.log.MessageHash;
import dev.signrelay.log.Metric;
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
import java.time.Instant;

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
        .with("millis", took.toMillis())
        .measured(Metric.UPSTREAM_LATENCY, took.toMillis())
        .counted(OutcomeMetrics.of(outcome));
  }

  static LogEvent signing(NeedsSignature job, SigningOutcome outcome, Duration took) {
    return signing(job.id(), job.message(), job.attempt(), outcome, took)
        .with("callbackHost", job.acceptance().callbackUrl().getHost());
  }

  static LogEvent delivery(NeedsCallback job, DeliveryOutcome outcome, Instant start, Instant end) {
    long millis = Duration.between(start, end).toMillis();
    LogEvent line =
        LogEvent.of(Level.INFO, "callback attempt")
            .with("id", job.id())
            .with("attempt", job.attempt())
            .with("outcome", outcome.code())
            .with("millis", millis)
            .with("callbackHost", job.acceptance().callbackUrl().getHost())
            .measured(Metric.CALLBACK_LATENCY, millis)
            .counted(OutcomeMetrics.of(outcome));
    return outcome instanceof Delivered
        ? line.measured(Metric.DELIVERY_AGE, seconds(Duration.between(job.acceptance().at(), end)))
        : line;
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
    return LogEvent.of(Level.INFO, "rate limited")
        .with("id", id)
        .with("attempt", attempt)
        .counted(Metric.RATE_LIMITED);
  }

  /** Of one that may be made later. */
  static LogEvent rateLimited(Job job, Duration wait) {
    return rateLimited(job.id(), job.attempt()).measured(Metric.LIMITER_WAIT, seconds(wait));
  }

  static LogEvent decided(LogEvent line, RetryDecision decision) {
    return switch (decision) {
      case Deliver _ -> line.with("decision", "deliver");
      case Complete _ -> line.with("decision", "complete");
      case Requeue(_, Duration delay) ->
          line.with("decision", "requeue").with("delaySeconds", seconds(delay));
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

  /**
   * Of a request that has its answer.
   *
   * @param apiRequestId joins it to API Gateway's access log; empty: nothing does
   */
  static LogEvent answered(SignAnswer answer, String apiRequestId) {
    return answer
        .line()
        .with("status", answer.response().statusCode())
        .with("apiRequestId", apiRequestId.isEmpty() ? null : apiRequestId)
        .counted(Metric.REQUESTS);
  }

  static LogEvent refused(String id, String error) {
    return LogEvent.of(Level.INFO, "request refused").with("id", id).with("error", error);
  }

  /** Machines' clocks differ: what cannot be negative is not. */
  private static double seconds(Duration duration) {
    return Math.max(0, duration.toMillis()) / 1000.0;
  }

  private static Level level(SigningOutcome outcome) {
    return switch (outcome) {
      case SigningOutcome.Unsigned unsigned when unsigned.keyRefused() -> Level.ERROR;
      case SigningOutcome.Rejected _ -> Level.WARN;
      case SigningOutcome.Unsigned _, SigningOutcome.Signed _ -> Level.INFO;
    };
  }
}
