package dev.signrelay.sign;

import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request: its response and its log event. {@link Answers} has one method for each
 * outcome.
 *
 * @param id the id of the request and, if it is a request to sign, of its job
 * @param status the HTTP status
 * @param signStatus the value of {@code X-Sign-Status}, which only the response to a request to
 *     sign has; null: it is for another request
 * @param metric counts an answer to a request to sign, besides {@link Metric#REQUESTS}; null: it is
 *     for another request
 * @param headers besides those that every answer has
 * @param event without the fields and metrics that the events of all requests have
 */
record Answer(
    String id,
    int status,
    @Nullable String signStatus,
    @Nullable Metric metric,
    Map<String, String> headers,
    String body,
    LogEvent event) {

  /** A copy with a header, which replaces one with an equal name. */
  Answer with(String header, String value) {
    var more = new HashMap<>(headers);
    more.put(header, value);
    return new Answer(id, status, signStatus, metric, more, body, event);
  }

  /** Omits the body, which can contain a signature. */
  @Override
  public String toString() {
    return "Answer[id=" + id + ", status=" + status + "]";
  }
}
