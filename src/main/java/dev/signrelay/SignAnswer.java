package dev.signrelay;

import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.json.ResultBody;
import java.util.HashMap;
import java.util.Map;

/**
 * The answers of {@code GET /crypto/sign}. Each has {@code X-Request-Id}, which is the callback's
 * {@code webhook-id} too, and {@code X-Sign-Status}.
 */
final class SignAnswer {

  /** Seconds after which a client that got 503 may try again. */
  private static final String RETRY_AFTER = "5";

  private SignAnswer() {}

  static HttpApiResponse signed(String id, String signature) {
    return of(200, id, "signed", ResultBody.success(signature));
  }

  static HttpApiResponse queued(String id) {
    return of(200, id, "queued", ResultBody.success(null));
  }

  static HttpApiResponse unsigned(String id) {
    return of(200, id, "unsigned", ResultBody.success(null));
  }

  /** The upstream will never sign this message. */
  static HttpApiResponse rejected(String id) {
    return of(200, id, "rejected", ResultBody.success(null));
  }

  /**
   * @param error names the field and the rule
   */
  static HttpApiResponse badRequest(String id, String error) {
    return of(400, id, "rejected", ResultBody.failure(error));
  }

  /**
   * Which scheme is asked for is said in a header (RFC 9110, 11.6.1), where Bearer must not stand
   * alone (RFC 6750, 3).
   */
  static HttpApiResponse unauthorized(String id) {
    Map<String, String> headers = headers(id, "rejected");
    headers.put("WWW-Authenticate", "Bearer realm=\"SignRelay\"");
    return new HttpApiResponse(
        401,
        headers,
        ResultBody.failure("A valid key is required, as Authorization: Bearer or as x-api-key."));
  }

  /** The queue did not take the job: nothing will come of this request, and it must not seem so. */
  static HttpApiResponse queueUnavailable(String id) {
    return unavailable(id, "The callback could not be queued. Send the request again later.");
  }

  static HttpApiResponse internalError(String id) {
    return unavailable(id, "Something went wrong here. Send the request again later.");
  }

  private static HttpApiResponse unavailable(String id, String error) {
    Map<String, String> headers = headers(id, "unsigned");
    headers.put("Retry-After", RETRY_AFTER);
    return new HttpApiResponse(503, headers, ResultBody.failure(error));
  }

  private static HttpApiResponse of(int statusCode, String id, String signStatus, String body) {
    return new HttpApiResponse(statusCode, headers(id, signStatus), body);
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
