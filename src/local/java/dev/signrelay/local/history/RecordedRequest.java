package dev.signrelay.local.history;

import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.local.Query;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A request to the API and its response. The functions' log omits messages, URLs and signatures;
 * the console displays them.
 *
 * @param target path and query, percent-encoded
 * @param headers of the request, names in lower case
 * @param answerHeaders names in lower case
 */
public record RecordedRequest(
    String method,
    String target,
    Map<String, String> headers,
    String body,
    int status,
    Map<String, String> answerHeaders,
    String answer) {

  /** More than the longest valid message or URL. */
  private static final int MAX_TEXT = 5_000;

  /** More than the longest valid body. */
  private static final int MAX_BODY = 70_000;

  /** The event of the request, whose id is empty if the response names none. */
  public JobEvent event(Instant start, Instant end) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("method", method);
    fields.put("target", Texts.shortened(target, MAX_BODY));
    fields.put("headers", repeatable());
    fields.put("body", Texts.shortened(body, MAX_BODY));
    fields.put("message", Texts.shortened(given("message"), MAX_TEXT));
    fields.put("callbackUrl", Texts.shortened(given("callback_url"), MAX_TEXT));
    fields.put("status", status);
    fields.put("signStatus", answerHeaders.getOrDefault("x-sign-status", ""));
    fields.put("expectedIn", number(answerHeaders.getOrDefault("x-sign-expected-in", "")));
    fields.put("answerHeaders", answerHeaders);
    fields.put("answer", Texts.shortened(answer, MAX_BODY));
    fields.put("millis", end.toEpochMilli() - start.toEpochMilli());
    String id = answerHeaders.getOrDefault("x-request-id", "");
    return JobEvent.of(id, start, JobEvent.REQUEST, fields);
  }

  /** The headers that make a difference. The client's key is not kept. */
  private Map<String, String> repeatable() {
    var headers = new LinkedHashMap<String, String>();
    for (String name : new String[] {"content-type", "prefer", "idempotency-key"}) {
      if (this.headers.containsKey(name) && (!name.equals("content-type") || !body.isEmpty())) {
        headers.put(name, Texts.shortened(this.headers.get(name), MAX_TEXT));
      }
    }
    if (this.headers.containsKey("x-api-key")) {
      headers.put("x-api-key", "YOUR_KEY");
    }
    return headers;
  }

  /** What the request gives in its JSON body or its query; empty: nothing. */
  private String given(String name) {
    if (!body.isEmpty()) {
      try {
        return Json.read(body).path(name).asText("");
      } catch (MalformedJsonException _) {
        return "";
      }
    }
    return new Query(target.substring(target.indexOf('?') + 1)).first(name);
  }

  private static double number(String seconds) {
    try {
      return Double.parseDouble(seconds);
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
