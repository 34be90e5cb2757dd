package dev.signrelay;

import dev.signrelay.event.HttpApiResponse;
import dev.signrelay.json.ResultBody;
import dev.signrelay.log.LogEvent;
import dev.signrelay.log.Metric;
import java.util.HashMap;
import java.util.Map;

/**
 * The answers of {@code GET /crypto/sign}. Each has {@code X-Request-Id}, which is the callback's
 * {@code webhook-id} too, and {@code X-Sign-Status}.
 *
 * @param line the one that tells of the request, which counts the answer
 */
record SignAnswer(HttpApiResponse response, LogEvent line) {

  /** Seconds after which a client that got 503 may try again. */
  private static final String RETRY_AFTER = "5";

  static SignAnswer signed(LogEvent line, String id, String signature) {
    return of(line.counted(Metric.SIGNED), id, "signed", ResultBody.success(signature));
  }

  static SignAnswer queued(LogEvent line, String id) {
    return of(line.counted(Metric.QUEUED), id, "queued", ResultBody.success(null));
  }

  static SignAnswer unsigned(LogEvent line, String id) {
    return of(line.counted(Metric.UNSIGNED), id, "unsigned", ResultBody.success(null));
  }

  /** The upstream will never sign this message. */
  static SignAnswer rejected(LogEvent line, String id) {
    return of(line.counted(Metric.REJECTED), id, "rejected", ResultBody.success(null));
  }

  /**
   * @param error names the field and the rule
   */
  static SignAnswer badRequest(String id, String error) {
    return refused(id, error, 400, headers(id, "rejected"), error);
  }

  /**
   * Which scheme is asked for is said in a header (RFC 9110, 11.6.1), where Bearer must not stand
   * alone (RFC 6750, 3).
   */
  static SignAnswer unauthorized(String id) {
    Map<String, String> headers = headers(id, "rejected");
    headers.put("WWW-Authenticate", "Bearer realm=\"SignRelay\"");
    String error = "A valid key is required, as Authorization: Bearer or as x-api-key.";
    return refused(id, "no valid key", 401, headers, error);
  }

  private static SignAnswer refused(
      String id, String told, int statusCode, Map<String, String> headers, String error) {
    return new SignAnswer(
        new HttpApiResponse(statusCode, headers, ResultBody.failure(error)),
        AttemptLines.refused(id, told).counted(Metric.REFUSED));
  }

  /** The queue did not take the job: nothing will come of this request, and it must not seem so. */
  static SignAnswer queueUnavailable(LogEvent line, String id) {
    return unavailable(line, id, "The callback could not be queued. Send the request again later.");
  }

  static SignAnswer internalError(String id, Exception e) {
    return unavailable(
        FailureLines.unexpected(id, e),
        id,
        "Something went wrong here. Send the request again later.");
  }

  private static SignAnswer unavailable(LogEvent line, String id, String error) {
    Map<String, String> headers = headers(id, "unsigned");
    headers.put("Retry-After", RETRY_AFTER);
    return new SignAnswer(
        new HttpApiResponse(503, headers, ResultBody.failure(error)),
        line.counted(Metric.UNAVAILABLE));
  }

  private static SignAnswer of(LogEvent line, String id, String signStatus, String body) {
    return new SignAnswer(new HttpApiResponse(200, headers(id, signStatus), body), line);
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
