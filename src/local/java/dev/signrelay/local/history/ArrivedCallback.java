package dev.signrelay.local.history;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A request that the callback inbox received, and its response.
 *
 * @param headers with case-insensitive names
 * @param verified {@code true} or {@code false}: whether its signatures are valid; empty: no
 *     secrets are configured
 * @param status of the response
 */
public record ArrivedCallback(
    String method,
    String target,
    Map<String, String> headers,
    String body,
    String verified,
    int status) {

  /** Longer than a callback with the longest signature. */
  private static final int MAX_BODY = 40_000;

  private static final int MAX_TARGET = 20_000;

  /** Of the names and values of all headers. */
  private static final int MAX_HEADERS = 20_000;

  /** A failure notice has the job's id and this. */
  private static final String NOTICE = "-failed";

  public JobEvent event(Instant at) {
    var fields = new LinkedHashMap<String, Object>();
    String webhookId = headers.getOrDefault("webhook-id", "");
    fields.put("webhookId", webhookId);
    fields.put("method", method);
    fields.put("target", Texts.shortened(target, MAX_TARGET));
    fields.put("headers", shortenedHeaders());
    fields.put("body", Texts.shortened(body, MAX_BODY));
    fields.put("verified", verified);
    fields.put("status", status);
    String id =
        webhookId.endsWith(NOTICE)
            ? webhookId.substring(0, webhookId.length() - NOTICE.length())
            : webhookId;
    return JobEvent.of(id, at, JobEvent.CALLBACK_ARRIVED, fields);
  }

  /** The names are in lower case. */
  private Map<String, String> shortenedHeaders() {
    var shortened = new LinkedHashMap<String, String>();
    int left = MAX_HEADERS;
    for (var header : headers.entrySet()) {
      left -= header.getKey().length();
      if (left > 0) {
        String value = Texts.shortened(header.getValue(), left);
        shortened.put(header.getKey().toLowerCase(Locale.ROOT), value);
        left -= value.length();
      }
    }
    return shortened;
  }
}
