package dev.signrelay.local.history;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request that the local run has answered. The functions' log omits messages, URLs and
 * signatures; the console displays them.
 *
 * @param target path and query, percent-encoded
 * @param headers names in lower case
 * @param status of the response
 */
public record RecordedExchange(
    String method, String target, Map<String, String> headers, String body, int status) {

  /** More than the longest valid body, message or URL. Longer texts are cut. */
  private static final int MAX_TEXT = 70_000;

  /** The headers of a request to sign that make a difference. */
  private static final List<String> REPEATED =
      List.of("content-type", "prefer", "idempotency-key", "x-api-key");

  /**
   * The event of a request to sign, whose id is empty if the response names none. The client's key
   * is not kept.
   *
   * @param answerHeaders names in lower case
   */
  public JobEvent request(
      Map<String, String> answerHeaders, String answer, Instant start, Instant end) {
    var repeated = new LinkedHashMap<String, String>();
    REPEATED.stream()
        .filter(headers::containsKey)
        .forEach(name -> repeated.put(name, headers.get(name)));
    repeated.replace("x-api-key", "YOUR_KEY");
    Map<String, Object> fields = fields(repeated);
    fields.put("answerHeaders", answerHeaders);
    fields.put("answer", shortened(answer));
    fields.put("millis", Duration.between(start, end).toMillis());
    String id = answerHeaders.getOrDefault("x-request-id", "");
    return JobEvent.of(id, start, JobEvent.REQUEST, fields);
  }

  /**
   * The event of a request to the callback inbox. Its id is that of the job; a failure notice has
   * an id of its own, which begins with it.
   *
   * @param verified {@code true} or {@code false}: whether its signatures are valid; empty: no
   *     secrets are configured
   */
  public JobEvent callback(String verified, Instant at) {
    Map<String, Object> fields = fields(headers);
    fields.put("verified", verified);
    String id = headers.getOrDefault("webhook-id", "").replaceFirst("-failed$", "");
    return JobEvent.of(id, at, JobEvent.CALLBACK_ARRIVED, fields);
  }

  private Map<String, Object> fields(Map<String, String> headers) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("method", method);
    fields.put("target", shortened(target));
    fields.put("headers", headers);
    fields.put("body", shortened(body));
    fields.put("status", status);
    return fields;
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= MAX_TEXT
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MAX_TEXT)) + "…";
  }
}
