package dev.signrelay.sign;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Retryable;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.json.ResultBody;
import dev.signrelay.policy.RetryDecision.AfterSigning;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.request.BrokenRuleException;
import dev.signrelay.telemetry.AttemptEvents;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answers of SignFunction, one method for each outcome of a request. docs/callers.md has the
 * table for clients.
 */
final class Answers {

  /** The schedule of DispatchFunction in the template: how often the line's length is noted. */
  private static final Duration DISPATCH_INTERVAL = Duration.ofSeconds(60);

  /** The {@code Retry-After} of an answer without a better estimate. */
  private static final Duration SHORT_WAIT = Duration.ofSeconds(5);

  private static final String NO_SIGNATURE = ResultBody.success(null);

  private Answers() {}

  // Requests to sign that are refused

  /** The request breaks a rule: 415 if it is about the type of the body, otherwise 400. */
  static Answer invalid(String id, BrokenRuleException broken) {
    int status = broken.isUnsupportedMediaType() ? 415 : 400;
    String rule = broken.getMessage();
    return refused(id, status, "rejected", rule, refusal(id, rule));
  }

  /** A request with the same {@code Idempotency-Key} is being answered. */
  static Answer inProgress(String id) {
    String error = "A request with this Idempotency-Key is being answered. Retry later.";
    return refused(id, 409, "unsigned", error, refusal(id, error)).with("Retry-After", "1");
  }

  /** The {@code Idempotency-Key} was used for another request. */
  static Answer keyReused(String id) {
    String error = "Idempotency-Key was used for another request";
    return refused(id, 422, "rejected", error, refusal(id, error));
  }

  private static LogEvent refusal(String id, String error) {
    return LogEvent.of(Level.INFO, "request refused").with("id", id).with("error", error);
  }

  // Attempts to sign

  /** An attempt after which nothing follows: there is a result, or no job was stored. */
  static Answer attempted(Signing attempt) {
    return resultOf(attempt, AttemptEvents.answered(attempt));
  }

  /** An attempt whose job was dead-lettered. */
  static Answer deadLettered(Signing attempt, DeadLetter decision) {
    return resultOf(attempt, AttemptEvents.carriedOut(attempt, decision));
  }

  private static Answer resultOf(Signing attempt, LogEvent event) {
    String id = attempt.id();
    return switch (attempt.result()) {
      case Called(Signed(String signature), _, _) -> signed(id, signature, event);
      // Whole seconds since the signature was obtained (RFC 9111, 5.1)
      case Reused(String signature, Duration age) ->
          signed(id, signature, event).with("Age", Long.toString(age.toSeconds()));
      case Called(Rejected _, _, _) -> rejected(id, event);
      case Called(Retryable failure, _, _) -> retryable(id, failure.retryAfter(), event);
      case NotGranted(Duration wait, boolean isKnown) ->
          retryable(id, isKnown ? wait : DISPATCH_INTERVAL, event);
      case CallUnderWay _, OutOfTime _, LimiterUnavailable _, KeyUnavailable _, GrantExpired _ ->
          retryable(id, SHORT_WAIT, event);
    };
  }

  /**
   * The job is in a queue.
   *
   * @param accepted whether the client prefers to read the result from the job's record, and there
   *     is one
   */
  static Answer queued(Signing attempt, Requeue requeue, boolean accepted) {
    LogEvent event = AttemptEvents.carriedOut(attempt, requeue);
    return inQueue(attempt.id(), accepted, expectedIn(attempt, requeue), event);
  }

  private static Duration expectedIn(Signing attempt, Requeue requeue) {
    return switch (attempt.result()) {
      case NotGranted(Duration expectedWait, _) -> expectedWait;
      case Called(_, _, Instant end) -> Duration.between(end, requeue.due(end));
      // The line's length is unknown. No job leaves it before the next run.
      case LimiterUnavailable _, KeyUnavailable _, GrantExpired _ -> DISPATCH_INTERVAL;
      case CallUnderWay _, OutOfTime _, Reused _ -> requeue.delay();
    };
  }

  /** The queue did not store the job or the dead letter. */
  static Answer notQueued(Signing attempt, AfterSigning decision, RuntimeException cause) {
    LogEvent event = AttemptEvents.notQueued(attempt, decision, cause);
    return unavailable(attempt.id(), "The job could not be queued. Retry later.", event);
  }

  /** The job has no callback URL and was not recorded, so that its result cannot be read. */
  static Answer notRecorded(Signing attempt, Requeue requeue) {
    LogEvent event = AttemptEvents.carriedOut(attempt, requeue);
    return unavailable(attempt.id(), "The job could not be recorded. Retry later.", event);
  }

  /**
   * The job was not stored: the line is longer than allowed, or its length is not known.
   *
   * @param maxWait the longest wait in line that is allowed
   */
  static Answer lineFull(Signing attempt, NotGranted refusal, Duration maxWait) {
    Duration wait = refusal.isKnown() ? refusal.expectedWait().minus(maxWait) : DISPATCH_INTERVAL;
    LogEvent event = AttemptEvents.answered(attempt).counted(Metric.LINE_FULL);
    return unavailable(attempt.id(), "Too many jobs are waiting. Retry later.", event)
        .with("Retry-After", seconds(wait));
  }

  /** The job was not stored: the client's quota is used up until the next hour begins. */
  static Answer quotaUsedUp(Signing attempt, Duration wait) {
    String error = "This client has stored as many jobs as it may in an hour. Retry later.";
    return refused(attempt.id(), 429, "unsigned", error, AttemptEvents.answered(attempt))
        .with("Retry-After", seconds(wait));
  }

  // Requests with an Idempotency-Key

  /**
   * A repeat of a request that was answered: the answer follows from the job's present record.
   *
   * @param respondAsync whether the client prefers to read the result from the record
   */
  static Answer repeated(JobRecord present, boolean respondAsync, Instant now) {
    String id = present.id();
    LogEvent event =
        LogEvent.of(Level.INFO, "request repeated")
            .with("id", id)
            .with("jobStatus", present.status().code());
    return switch (present.status()) {
      case ANSWERING -> inProgress(id);
      case WAITING, SIGNING -> {
        Instant next = present.nextAttemptAt();
        Duration expectedIn = next == null ? null : Duration.between(now, next);
        yield inQueue(id, respondAsync, expectedIn, event);
      }
      case DELIVERING, SIGNED, DELIVERED -> signed(id, present.signature(), event);
      case FAILED, EXPIRED -> {
        // A job can be dead-lettered after it was signed.
        if (present.signature() != null) {
          yield signed(id, present.signature(), event);
        }
        boolean isRejected = Kind.MESSAGE_REJECTED.code().equals(present.reason());
        yield isRejected ? rejected(id, event) : unsigned(id, event);
      }
    };
  }

  /** The table is unavailable, so that it is unknown whether the request is a repeat. */
  static Answer repeatUnknown(String id, RuntimeException cause) {
    LogEvent event = LogEvent.of(Level.ERROR, "records unavailable").with("id", id);
    LogEvent counted = FailureEvents.withCause(event, cause).counted(Metric.RECORD_NOT_WRITTEN);
    return unavailable(id, "Whether this is a repeat cannot be checked. Retry later.", counted);
  }

  // Requests to sign, and for the record of a job

  /** The request has no valid key. */
  static Answer noValidKey(String id, boolean isToSign) {
    String error = "A valid key is required, as Authorization: Bearer or as x-api-key.";
    LogEvent event = isToSign ? refusal(id, error) : jobStatus(id);
    // The scheme that a client has to use (RFC 9110, 11.6.1). Bearer requires a parameter (RFC
    // 6750, 3).
    return refused(id, 401, "rejected", error, event.counted(Metric.UNAUTHORIZED))
        .with("WWW-Authenticate", "Bearer realm=\"SignRelay\"");
  }

  /** The valid keys could not be read. */
  static Answer keysUnavailable(String id) {
    LogEvent event = LogEvent.of(Level.ERROR, "client keys unavailable").with("id", id);
    return unavailable(id, "The key cannot be checked. Retry later.", event);
  }

  /** The function failed with an unexpected exception. */
  static Answer failed(String id, Exception cause) {
    LogEvent event = FailureEvents.unexpected(id, cause);
    return unavailable(id, "Internal error. Retry later.", event);
  }

  // Requests for the record of a job. The id identifies the request, not the job.

  /** The record of a job, which was read now. */
  static Answer found(String id, JobRecord job, Instant now) {
    String body = ResultBody.success(RecordView.members(job, now));
    LogEvent event = jobStatus(id).with("job", job.id()).with("jobStatus", job.status().code());
    Answer answer = notToSign(id, 200, body, event);
    return job.status().isOver()
        ? answer
        : answer.with("Retry-After", seconds(RecordView.nextRead(job, now)));
  }

  /** There is no record of the job, or none that this client may read. */
  static Answer unknownJob(String id) {
    String error = "There is no such job, its record is no longer kept, or it is another client's.";
    return notFound(id, error, jobStatus(id));
  }

  /** This deployment keeps no records of jobs. */
  static Answer noRecords(String id) {
    return notFound(id, "No records of jobs are kept here.", jobStatus(id));
  }

  /** The table did not answer in time. */
  static Answer recordUnavailable(String id, RuntimeException cause) {
    LogEvent event = LogEvent.of(Level.WARN, "record not read").with("id", id);
    String error = "The record cannot be read. Retry later.";
    return unavailable(id, error, FailureEvents.withCause(event, cause));
  }

  private static LogEvent jobStatus(String id) {
    return LogEvent.of(Level.INFO, "job status").with("id", id);
  }

  // Requests for the keys with which receivers verify callbacks

  /** The public keys; empty: callbacks are not signed with a private key. */
  static Answer callbackKey(String id, List<String> keys) {
    LogEvent event = LogEvent.of(Level.INFO, "callback key").with("id", id);
    if (keys.isEmpty()) {
      return notFound(id, "Callbacks are not signed with a private key here.", event);
    }
    String body = ResultBody.success(String.join(" ", keys));
    // A new key must be published for this long before it signs.
    return notToSign(id, 200, body, event).with("Cache-Control", "public, max-age=3600");
  }

  // Kinds of answers

  private static Answer signed(String id, @Nullable String signature, LogEvent event) {
    String body = ResultBody.success(signature);
    return new Answer(id, 200, "signed", Metric.SIGNED, Map.of(), body, event);
  }

  private static Answer rejected(String id, LogEvent event) {
    return new Answer(id, 200, "rejected", Metric.REJECTED, Map.of(), NO_SIGNATURE, event);
  }

  private static Answer unsigned(String id, LogEvent event) {
    return new Answer(id, 200, "unsigned", Metric.UNSIGNED, Map.of(), NO_SIGNATURE, event);
  }

  /** The client may repeat the request after the wait; null, zero or negative: unknown. */
  private static Answer retryable(String id, @Nullable Duration wait, LogEvent event) {
    boolean isKnown = wait != null && wait.isPositive();
    return unsigned(id, event).with("Retry-After", seconds(isKnown ? wait : SHORT_WAIT));
  }

  /** {@code expectedIn} is the time until the job's next upstream call; null: unknown. */
  private static Answer inQueue(
      String id, boolean accepted, @Nullable Duration expectedIn, LogEvent event) {
    var headers = new HashMap<String, String>();
    if (expectedIn != null) {
      headers.put("X-Sign-Expected-In", seconds(expectedIn));
    }
    if (accepted) {
      // For a deployment at the root of its host.
      headers.put("Location", "/crypto/jobs/" + id);
      headers.put("Preference-Applied", "respond-async");
    }
    int status = accepted ? 202 : 200;
    return new Answer(id, status, "queued", Metric.QUEUED, headers, NO_SIGNATURE, event);
  }

  private static Answer refused(
      String id, int status, String signStatus, String error, LogEvent event) {
    String body = ResultBody.failure(error);
    return new Answer(id, status, signStatus, Metric.REFUSED, Map.of(), body, event);
  }

  private static Answer unavailable(String id, String error, LogEvent event) {
    var wait = Map.of("Retry-After", seconds(SHORT_WAIT));
    String body = ResultBody.failure(error);
    return new Answer(id, 503, "unsigned", Metric.UNAVAILABLE, wait, body, event);
  }

  private static Answer notFound(String id, String error, LogEvent event) {
    return notToSign(id, 404, ResultBody.failure(error), event);
  }

  private static Answer notToSign(String id, int status, String body, LogEvent event) {
    return new Answer(id, status, null, null, Map.of(), body, event);
  }

  /** Rounds up to whole seconds (RFC 9110, 10.2.3). A time in the past gives 0. */
  private static String seconds(Duration duration) {
    return Long.toString(Math.max(0, duration.plusNanos(999_999_999).toSeconds()));
  }
}
