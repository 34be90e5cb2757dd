package dev.signrelay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.ResultBody;
import java.util.Map;
import java.util.TreeMap;

/**
 * An answer of {@code GET /crypto/sign}. Each has {@code X-Request-Id}, which is the callback's
 * {@code webhook-id} too, and {@code X-Sign-Status}.
 */
record SignAnswer(int statusCode, Map<String, String> headers, String body) {

  /** Seconds after which a client that got 503 may try again. */
  private static final String RETRY_AFTER = "5";

  static SignAnswer signed(String id, String signature) {
    return of(200, id, "signed", ResultBody.success(signature));
  }

  static SignAnswer queued(String id) {
    return of(200, id, "queued", ResultBody.success(null));
  }

  static SignAnswer unsigned(String id) {
    return of(200, id, "unsigned", ResultBody.success(null));
  }

  /** The upstream will never sign this message. */
  static SignAnswer rejected(String id) {
    return of(200, id, "rejected", ResultBody.success(null));
  }

  /**
   * @param error names the field and the rule
   */
  static SignAnswer badRequest(String id, String error) {
    return of(400, id, "rejected", ResultBody.failure(error));
  }

  /** The queue did not take the job: nothing will come of this request, and it must not seem so. */
  static SignAnswer queueUnavailable(String id) {
    return unavailable(id, "The callback could not be queued. Send the request again later.");
  }

  static SignAnswer internalError(String id) {
    return unavailable(id, "Something went wrong here. Send the request again later.");
  }

  private static SignAnswer unavailable(String id, String error) {
    SignAnswer answer = of(503, id, "unsigned", ResultBody.failure(error));
    answer.headers.put("Retry-After", RETRY_AFTER);
    return answer;
  }

  private static SignAnswer of(int statusCode, String id, String signStatus, String body) {
    var headers = new TreeMap<String, String>();
    headers.put("Content-Type", "application/json");
    headers.put("Cache-Control", "no-store");
    headers.put("X-Request-Id", id);
    headers.put("X-Sign-Status", signStatus);
    return new SignAnswer(statusCode, headers, body);
  }

  /** In payload format 2.0 of API Gateway's HTTP APIs. */
  String toJson() {
    ObjectNode json = Json.object().put("statusCode", statusCode);
    headers.forEach(json.putObject("headers")::put);
    return Json.write(json.put("body", body).put("isBase64Encoded", false));
  }
}
