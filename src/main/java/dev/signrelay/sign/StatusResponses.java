package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.json.ResultBody;
import dev.signrelay.sign.StatusResult.Crashed;
import dev.signrelay.sign.StatusResult.Found;
import dev.signrelay.sign.StatusResult.KeysUnavailable;
import dev.signrelay.sign.StatusResult.NoRecords;
import dev.signrelay.sign.StatusResult.RecordsUnavailable;
import dev.signrelay.sign.StatusResult.Unauthorized;
import dev.signrelay.sign.StatusResult.Unknown;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** HTTP responses of {@code GET /crypto/jobs/{id}}. Each has {@code X-Request-Id}. */
final class StatusResponses {

  /** Seconds after which a client may repeat a request that got 503. */
  private static final String RETRY_AFTER = "5";

  /**
   * A record changes at the next attempt. DispatchFunction runs once a minute, and a client may
   * want to see an attempt that comes earlier than estimated.
   */
  private static final Duration MAX_RETRY_AFTER = Duration.ofSeconds(60);

  /** The outcomes of calls after which a job has a signature. */
  private static final Set<String> OUTCOMES_WITH_SIGNATURE = Set.of("signed", Reused.CODE);

  private StatusResponses() {}

  /**
   * @param id of the request, not of the job
   */
  static APIGatewayV2HTTPResponse of(String id, StatusResult result) {
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Cache-Control", "no-store");
    headers.put("X-Request-Id", id);
    headers.putAll(further(result));
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(statusCode(result))
        .withHeaders(headers)
        .withBody(body(result))
        .build();
  }

  private static int statusCode(StatusResult result) {
    return switch (result) {
      case Found _ -> 200;
      case Unauthorized _ -> 401;
      case Unknown _, NoRecords _ -> 404;
      case KeysUnavailable _, RecordsUnavailable _, Crashed _ -> 503;
    };
  }

  private static Map<String, String> further(StatusResult result) {
    return switch (result) {
      case Found(JobRecord job, Instant now) ->
          job.status().isOver() ? Map.of() : Map.of("Retry-After", retryAfter(job, now));
      case Unauthorized _ -> Map.of("WWW-Authenticate", Admission.CHALLENGE);
      case Unknown _, NoRecords _ -> Map.of();
      case KeysUnavailable _, RecordsUnavailable _, Crashed _ -> Map.of("Retry-After", RETRY_AFTER);
    };
  }

  /**
   * Rounds up to whole seconds (RFC 9110, 10.2.3). A job whose attempt is overdue waits in line, or
   * in a queue that is slow: the longer it is overdue, the rarer are the reads.
   */
  private static String retryAfter(JobRecord job, Instant now) {
    Instant next = job.nextAttemptAt();
    Duration wait = next == null ? MAX_RETRY_AFTER : Duration.between(now, next).abs();
    long seconds = wait.plusNanos(999_999_999).toSeconds();
    return Long.toString(Math.clamp(seconds, 1, MAX_RETRY_AFTER.toSeconds()));
  }

  private static String body(StatusResult result) {
    return switch (result) {
      case Found(JobRecord job, Instant now) -> ResultBody.object(members(job, now));
      case Unauthorized _ -> ResultBody.failure(Admission.NO_VALID_KEY);
      case Unknown _ ->
          ResultBody.failure(
              "There is no such job, its record is no longer kept, or it is another client's.");
      case NoRecords _ -> ResultBody.failure("No records of jobs are kept here.");
      case KeysUnavailable _ -> ResultBody.failure(Admission.KEYS_UNKNOWN);
      case RecordsUnavailable _ -> ResultBody.failure("The record cannot be read. Retry later.");
      case Crashed _ -> ResultBody.failure("Internal error. Retry later.");
    };
  }

  private static Map<String, Object> members(JobRecord job, Instant now) {
    Instant next = job.nextAttemptAt();
    var members = new LinkedHashMap<String, Object>();
    members.put("id", job.id());
    members.put("status", job.status().code());
    putIfPresent(members, "signature", job.signature());
    members.put("accepted_at", job.acceptedAt().toString());
    members.put("attempts", job.attempts());
    members.put("deliveries", job.deliveries());
    putIfPresent(members, "last_outcome", lastOutcome(job));
    putIfPresent(members, "next_attempt_at", next != null && next.isAfter(now) ? next : null);
    putIfPresent(members, "reason", job.reason());
    return members;
  }

  /**
   * Of deliveries a client learns only whether the last one succeeded: the cause of a failure would
   * tell which names and addresses the functions reach.
   */
  private static @Nullable String lastOutcome(JobRecord job) {
    String outcome = job.lastOutcome();
    boolean isOfCall =
        outcome == null || job.signature() == null || OUTCOMES_WITH_SIGNATURE.contains(outcome);
    if (isOfCall) {
      return outcome;
    }
    return job.status() == JobStatus.DELIVERED ? "delivered" : "not-delivered";
  }

  private static void putIfPresent(
      Map<String, Object> members, String name, @Nullable Object value) {
    if (value != null) {
      members.put(name, value.toString());
    }
  }
}
