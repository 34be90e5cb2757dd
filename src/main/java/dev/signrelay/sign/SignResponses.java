package dev.signrelay.sign;

import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.json.ResultBody;
import dev.signrelay.sign.SignAnswer.InternalError;
import dev.signrelay.sign.SignAnswer.Invalid;
import dev.signrelay.sign.SignAnswer.NotQueued;
import dev.signrelay.sign.SignAnswer.Queued;
import dev.signrelay.sign.SignAnswer.Rejected;
import dev.signrelay.sign.SignAnswer.Signed;
import dev.signrelay.sign.SignAnswer.Unauthorized;
import dev.signrelay.sign.SignAnswer.Unsigned;
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

  static HttpApiResponse of(String id, SignAnswer answer) {
    return switch (answer) {
      case Signed(String signature) -> ok(id, "signed", ResultBody.success(signature));
      case Queued _ -> ok(id, "queued", ResultBody.success(null));
      case Unsigned _ -> ok(id, "unsigned", ResultBody.success(null));
      case Rejected _ -> ok(id, "rejected", ResultBody.success(null));
      case Invalid(String error) -> error(400, headers(id, "rejected"), error);
      case Unauthorized _ -> unauthorized(id);
      case NotQueued _ -> unavailable(id, "The job could not be queued. Retry later.");
      case InternalError _ -> unavailable(id, "Internal error. Retry later.");
    };
  }

  private static HttpApiResponse ok(String id, String signStatus, String body) {
    return new HttpApiResponse(200, headers(id, signStatus), body);
  }

  private static HttpApiResponse unauthorized(String id) {
    Map<String, String> headers = headers(id, "rejected");
    headers.put("WWW-Authenticate", CHALLENGE);
    return error(
        401, headers, "A valid key is required, as Authorization: Bearer or as x-api-key.");
  }

  private static HttpApiResponse unavailable(String id, String error) {
    Map<String, String> headers = headers(id, "unsigned");
    headers.put("Retry-After", RETRY_AFTER);
    return error(503, headers, error);
  }

  private static HttpApiResponse error(int status, Map<String, String> headers, String error) {
    return new HttpApiResponse(status, headers, ResultBody.failure(error));
  }

  private static Map<String, String> headers(String id, String signStatus) {
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Cache-Control", "no-store");
    headers.put("X-Request-Id", id);
    headers.put("X-Sign-Status", signStatus);
    return headers;
  }
}
