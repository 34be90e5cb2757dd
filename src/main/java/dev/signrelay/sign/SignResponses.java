package dev.signrelay.sign;

import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.json.ResultBody;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Crashed;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.NotQueued;
import dev.signrelay.sign.SignResult.Refused;
import java.util.HashMap;
import java.util.Map;

/**
 * HTTP responses of {@code GET /crypto/sign}. Each has {@code X-Request-Id}, which is also the
 * callback's {@code webhook-id}, and {@code X-Sign-Status}.
 */
final class SignResponses {

  /** Seconds after which a client may repeat a request that got 503. */
  private static final String RETRY_AFTER = "5";

  /**
   * The scheme that a client has to use (RFC 9110, 11.6.1). Bearer requires a parameter (RFC 6750,
   * 3).
   */
  private static final String CHALLENGE = "Bearer realm=\"SignRelay\"";

  private SignResponses() {}

  static HttpApiResponse of(SignResult result) {
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Cache-Control", "no-store");
    headers.put("X-Request-Id", result.id());
    headers.put("X-Sign-Status", result.answer().signStatus());
    headers.putAll(further(result.answer()));
    return new HttpApiResponse(result.answer().statusCode(), headers, body(result));
  }

  private static Map<String, String> further(SignAnswer answer) {
    return switch (answer) {
      case SIGNED, QUEUED, UNSIGNED, REJECTED, INVALID -> Map.of();
      case UNAUTHORIZED -> Map.of("WWW-Authenticate", CHALLENGE);
      case NOT_QUEUED, INTERNAL_ERROR -> Map.of("Retry-After", RETRY_AFTER);
    };
  }

  private static String body(SignResult result) {
    return switch (result) {
      case Refused(_, _, String error) -> ResultBody.failure(error);
      case Attempted(_, Signing attempt) -> ResultBody.success(attempt.signature());
      case Decided(_, Signing attempt, _) -> ResultBody.success(attempt.signature());
      case NotQueued _ -> ResultBody.failure("The job could not be queued. Retry later.");
      case Crashed _ -> ResultBody.failure("Internal error. Retry later.");
    };
  }
}
