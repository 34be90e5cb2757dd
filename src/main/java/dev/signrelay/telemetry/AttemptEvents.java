package dev.signrelay.telemetry;

import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningResult;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.policy.RetryDecision.Complete;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.telemetry.LogEvent.Level;
import java.time.Duration;
import java.time.Instant;

/**
 * Log events of attempts: the job, the client, the outcome, the duration and the decision. Of a
 * callback URL they contain only the host. They contain neither the message nor the signature.
 */
public final class AttemptEvents {

  private AttemptEvents() {}

  /** An attempt whose decision was carried out. */
  public static LogEvent carriedOut(Attempt attempt, RetryDecision decision) {
    LogEvent event = decided(attempt, decision);
    if (decision instanceof Requeue(_, var queue, _) && queue == JobQueue.LINE) {
      return event.counted(Metric.JOINED_LINE);
    }
    return decision instanceof DeadLetter(_, var reason) ? event.counted(metric(reason)) : event;
  }

  /** An attempt whose decision could not be carried out: the queue did not store the job. */
  public static LogEvent notQueued(
      Attempt attempt, RetryDecision decision, RuntimeException failure) {
    return FailureEvents.queueUnavailable(decided(attempt, decision), failure);
  }

  /** An attempt for a job in line that was granted no call. */
  public static LogEvent staysInLine(Attempt attempt) {
    return attempted(attempt).with("decision", "stay-in-line");
  }

  /** An attempt whose result goes into the answer of SignFunction. */
  public static LogEvent answered(Attempt attempt) {
    return attempted(attempt).with("decision", "answer");
  }

  public static LogEvent failureNotice(Job job, DeliveryOutcome outcome, Duration duration) {
    return LogEvent.of(Level.INFO, "failure notice")
        .with("id", job.id())
        .with("outcome", outcome.code())
        .with("millis", duration.toMillis())
        .with("callbackHost", job.callbackHost());
  }

  private static LogEvent attempted(Attempt attempt) {
    return switch (attempt) {
      case Signing signing -> signing(signing);
      case Delivery delivery -> delivery(delivery);
      case Deferred _ -> withJob(Level.INFO, "waiting", attempt);
    };
  }

  private static LogEvent signing(Signing signing) {
    return switch (signing.result()) {
      case SigningResult.Called(SigningOutcome outcome, Instant start, Instant end) ->
          called(signing, outcome, Duration.between(start, end).toMillis());
      case SigningResult.Reused(_, Duration age) ->
          withJob(Level.INFO, "signature from cache", signing)
              .with("ageSeconds", age.toSeconds())
              .with("callbackHost", signing.job().callbackHost())
              .counted(Metric.SIGNATURE_REUSED);
      case SigningResult.CallUnderWay _ -> withJob(Level.INFO, "call under way", signing);
      case SigningResult.NotGranted(Duration wait, boolean isKnown) ->
          withJob(Level.INFO, "rate limited", signing)
              .counted(Metric.RATE_LIMITED)
              .with("expectedWaitSeconds", isKnown ? seconds(wait) : null);
      case SigningResult.LimiterUnavailable(RuntimeException cause) ->
          FailureEvents.limiterUnavailable(
              withJob(Level.ERROR, "rate limiter unavailable", signing), cause);
      case SigningResult.GrantExpired _ -> withJob(Level.WARN, "grant expired", signing);
      case SigningResult.KeyUnavailable _ ->
          withJob(Level.ERROR, "upstream key unavailable", signing);
      case SigningResult.OutOfTime _ -> withJob(Level.WARN, "no time for a call", signing);
    };
  }

  private static LogEvent called(Signing signing, SigningOutcome outcome, long millis) {
    return withJob(level(outcome), "signing attempt", signing)
        .with("outcome", outcome.code())
        .with("millis", millis)
        .with("callbackHost", signing.job().callbackHost())
        .measured(Metric.UPSTREAM_LATENCY, millis)
        .counted(metric(outcome));
  }

  private static LogEvent delivery(Delivery delivery) {
    Duration duration = Duration.between(delivery.start(), delivery.end());
    LogEvent event =
        withJob(Level.INFO, "callback attempt", delivery)
            .with("outcome", delivery.outcome().code())
            .with("millis", duration.toMillis())
            .with("callbackHost", delivery.job().callbackHost())
            .measured(Metric.CALLBACK_LATENCY, duration.toMillis())
            .counted(metric(delivery.outcome()));
    Duration age = Duration.between(delivery.job().acceptance().at(), delivery.end());
    return delivery.outcome() instanceof DeliveryOutcome.Delivered
        ? event.measured(Metric.DELIVERY_AGE, seconds(age))
        : event;
  }

  private static LogEvent withJob(Level level, String name, Attempt attempt) {
    String client = attempt.job().acceptance().client();
    return LogEvent.of(level, name)
        .with("id", attempt.id())
        .with("client", client.isEmpty() ? null : client)
        .with("attempt", attempt.job().attemptNumber());
  }

  private static LogEvent decided(Attempt attempt, RetryDecision decision) {
    LogEvent event =
        attempt instanceof Deferred && decision instanceof DeadLetter
            ? withJob(Level.WARN, "expired", attempt)
            : attempted(attempt);
    return switch (decision) {
      case Deliver _ -> event.with("decision", "deliver");
      case Complete _ -> event.with("decision", "complete");
      case Requeue(NeedsCallback _, _, _) when attempt instanceof Signing ->
          event.with("decision", "deliver");
      case Requeue(_, var queue, Duration delay) ->
          switch (queue) {
            case RETRY, CALLBACK ->
                event.with("decision", "requeue").with("delaySeconds", seconds(delay));
            case LINE -> event.with("decision", "wait-in-line");
          };
      case DeadLetter(_, var reason) ->
          event
              .atLeast(Level.WARN)
              .with("decision", "dead-letter")
              .with("reason", reason.kind().code());
    };
  }

  /** Never negative: two machines' clocks differ. */
  private static double seconds(Duration duration) {
    return Math.max(0, duration.toMillis()) / 1000.0;
  }

  private static Level level(SigningOutcome outcome) {
    return switch (outcome) {
      case SigningOutcome.KeyRefused _ -> Level.ERROR;
      case SigningOutcome.Rejected _ -> Level.WARN;
      case SigningOutcome.Failed _, SigningOutcome.Signed _ -> Level.INFO;
    };
  }

  private static Metric metric(SigningOutcome outcome) {
    return switch (outcome) {
      case SigningOutcome.Signed _ -> Metric.UPSTREAM_SIGNED;
      case SigningOutcome.Failed _ -> Metric.UPSTREAM_FAILED;
      case SigningOutcome.KeyRefused _ -> Metric.UPSTREAM_KEY_REFUSED;
      case SigningOutcome.Rejected _ -> Metric.UPSTREAM_REJECTED;
    };
  }

  private static Metric metric(DeliveryOutcome outcome) {
    return switch (outcome) {
      case DeliveryOutcome.Delivered _ -> Metric.CALLBACK_DELIVERED;
      case DeliveryOutcome.Undelivered _ -> Metric.CALLBACK_FAILED;
      case DeliveryOutcome.Gone _ -> Metric.CALLBACK_GONE;
      case DeliveryOutcome.Forbidden _ -> Metric.CALLBACK_FORBIDDEN;
    };
  }

  private static Metric metric(DeadLetterReason reason) {
    return switch (reason.kind()) {
      case MESSAGE_REJECTED -> Metric.DEAD_LETTER_MESSAGE_REJECTED;
      case EXPIRED -> Metric.DEAD_LETTER_EXPIRED;
      case SIGNING_EXHAUSTED -> Metric.DEAD_LETTER_SIGNING_EXHAUSTED;
      case CALLBACK_EXHAUSTED -> Metric.DEAD_LETTER_CALLBACK_EXHAUSTED;
      case CALLBACK_GONE -> Metric.DEAD_LETTER_CALLBACK_GONE;
      case CALLBACK_FORBIDDEN -> Metric.DEAD_LETTER_CALLBACK_FORBIDDEN;
      case MALFORMED -> Metric.DEAD_LETTER_MALFORMED;
    };
  }
}
