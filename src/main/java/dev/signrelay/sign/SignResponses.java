package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.SigningOutcome.Retryable;
import dev.signrelay.job.SigningResult;
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
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Crashed;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.KeysUnavailable;
import dev.signrelay.sign.SignResult.LineFull;
import dev.signrelay.sign.SignResult.NotQueued;
import dev.signrelay.sign.SignResult.NotRecorded;
import dev.signrelay.sign.SignResult.RecordsDown;
import dev.signrelay.sign.SignResult.Refused;
import dev.signrelay.sign.SignResult.Repeated;
import dev.signrelay.sign.SignResult.TooManyJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * HTTP responses of {@code /crypto/sign}. Each has {@code X-Request-Id}, which is also the
 * callback's {@code webhook-id}, and {@code X-Sign-Status}.
 */
final class SignResponses {

  /** Seconds after which a client may repeat a request, if nothing is known. */
  private static final String RETRY_AFTER = "5";

  /** The path of the jobs' records, for a deployment at the root of its host. */
  private static final String RECORDS = "/crypto/jobs/";

  /** The schedule of DispatchFunction in the template. */
  private static final Duration DISPATCH_INTERVAL = Duration.ofSeconds(60);

  private SignResponses() {}

  static APIGatewayV2HTTPResponse of(SignResult result) {
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Cache-Control", "no-store");
    headers.put("X-Request-Id", result.id());
    headers.put("X-Sign-Status", result.answer().signStatus());
    headers.putAll(further(result));
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(result.answer().statusCode())
        .withHeaders(headers)
        .withBody(body(result))
        .build();
  }

  /** What a client can do with the answer, besides reading it. */
  private static Map<String, String> further(SignResult result) {
    return switch (result) {
      case Refused(_, SignAnswer answer, _) when answer == SignAnswer.UNAUTHORIZED ->
          Map.of("WWW-Authenticate", Admission.CHALLENGE);
      case Attempted(_, Signing(_, _, _, _, Reused(_, Duration age))) -> age(age);
      case Decided(_, Signing(_, _, _, _, Reused(_, Duration age)), _) -> age(age);
      case Attempted(SignAnswer answer, Signing attempt) when answer == SignAnswer.UNSIGNED ->
          unsigned(attempt.result());
      case Decided(SignAnswer answer, Signing attempt, _) when answer == SignAnswer.UNSIGNED ->
          unsigned(attempt.result());
      case Refused(_, SignAnswer answer, _) when answer == SignAnswer.IN_PROGRESS ->
          Map.of("Retry-After", "1");
      case Decided(SignAnswer answer, Signing attempt, Requeue requeue) ->
          queued(answer, attempt.id(), expectedIn(attempt, requeue));
      case Repeated(SignAnswer answer, JobRecord present, Instant now) ->
          answer == SignAnswer.SIGNED
              ? Map.of()
              : queued(answer, present.id(), expectedIn(present, now));
      case LineFull(_, Duration retryAfter) -> Map.of("Retry-After", seconds(retryAfter));
      case TooManyJobs(_, Duration retryAfter) -> Map.of("Retry-After", seconds(retryAfter));
      case NotQueued _, NotRecorded _, RecordsDown _, KeysUnavailable _, Crashed _ ->
          Map.of("Retry-After", RETRY_AFTER);
      case Refused _, Attempted _, Decided _ -> Map.of();
    };
  }

  /** Whole seconds since the signature was obtained (RFC 9111, 5.1). */
  private static Map<String, String> age(Duration age) {
    return Map.of("Age", Long.toString(age.toSeconds()));
  }

  /**
   * The headers of a job that waits.
   *
   * @param expectedIn how long it takes, by estimate, until the next upstream call for the job may
   *     begin; null: unknown
   */
  private static Map<String, String> queued(
      SignAnswer answer, String id, @Nullable Duration expectedIn) {
    var headers = new HashMap<String, String>();
    if (expectedIn != null) {
      headers.put("X-Sign-Expected-In", seconds(expectedIn));
    }
    if (answer == SignAnswer.ACCEPTED) {
      headers.put("Location", RECORDS + id);
      headers.put("Preference-Applied", "respond-async");
    }
    return headers;
  }

  private static @Nullable Duration expectedIn(JobRecord present, Instant now) {
    Instant next = present.status().isOver() ? null : present.nextAttemptAt();
    if (next == null) {
      return null;
    }
    return next.isAfter(now) ? Duration.between(now, next) : Duration.ZERO;
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

  /**
   * The headers of an answer without a signature, after which none follows.
   *
   * @param result of the attempt
   */
  private static Map<String, String> unsigned(SigningResult result) {
    Duration wait =
        switch (result) {
          case NotGranted(Duration expectedWait, boolean isKnown) ->
              isKnown ? expectedWait : DISPATCH_INTERVAL;
          case Called(Retryable failure, _, _) -> failure.retryAfter();
          case Called _,
              CallUnderWay _,
              OutOfTime _,
              LimiterUnavailable _,
              KeyUnavailable _,
              GrantExpired _,
              Reused _ ->
              null;
        };
    return Map.of("Retry-After", wait == null || !wait.isPositive() ? RETRY_AFTER : seconds(wait));
  }

  /** Rounds up to whole seconds (RFC 9110, 10.2.3). */
  private static String seconds(Duration duration) {
    return Long.toString(duration.plusNanos(999_999_999).toSeconds());
  }

  private static String body(SignResult result) {
    return switch (result) {
      case Refused(_, _, String error) -> ResultBody.failure(error);
      case Attempted(_, Signing attempt) -> ResultBody.success(attempt.signature());
      case Decided(_, Signing attempt, _) -> ResultBody.success(attempt.signature());
      case Repeated(SignAnswer answer, JobRecord present, _) ->
          ResultBody.success(answer == SignAnswer.SIGNED ? present.signature() : null);
      case NotQueued _ -> ResultBody.failure("The job could not be queued. Retry later.");
      case NotRecorded _ -> ResultBody.failure("The job could not be recorded. Retry later.");
      case LineFull _ -> ResultBody.failure("Too many jobs are waiting. Retry later.");
      case TooManyJobs _ ->
          ResultBody.failure(
              "This client has stored as many jobs as it may in an hour. Retry later.");
      case RecordsDown _ ->
          ResultBody.failure("Whether this is a repeat cannot be checked. Retry later.");
      case KeysUnavailable _ -> ResultBody.failure(Admission.KEYS_UNKNOWN);
      case Crashed _ -> ResultBody.failure("Internal error. Retry later.");
    };
  }
}
