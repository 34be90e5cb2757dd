package dev.signrelay.sign;

import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a request: its response and its log event. {@link Answers} has one method for each.
 *
 * @param id of the request; of a request to sign, also that of its job
 * @param status the HTTP status
 * @param signStatus the value of {@code X-Sign-Status}. Only the routes to sign send it. Null: the
 *     answer is not one of theirs.
 * @param metric counts the answer on the routes to sign, besides {@link Metric#REQUESTS}. Null: the
 *     answer is not one of theirs.
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

  /** The same answer with a header, which replaces one of the same name. */
  Answer with(String header, String value) {
    var more = new HashMap<>(headers);
    more.put(header, value);
    return new Answer(id, status, signStatus, metric, more, body, event);
  }

  /** Omits the body, which can have a signature. */
  @Override
  public String toString() {
    return "Answer[id=" + id + ", status=" + status + "]";
  }
}
