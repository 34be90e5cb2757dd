package dev.signrelay.sign;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
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

  /** The response on a route. */
  APIGatewayV2HTTPResponse response(Route route) {
    var all = new HashMap<String, String>();
    all.put("Content-Type", "application/json");
    all.put("Cache-Control", "no-store");
    all.put("X-Request-Id", id);
    if (route.isToSign()) {
      all.put("X-Sign-Status", signStatus);
    }
    all.putAll(headers);
    return APIGatewayV2HTTPResponse.builder()
        .withStatusCode(status)
        .withHeaders(all)
        .withBody(body)
        .build();
  }

  /**
   * The log event on a route.
   *
   * @param client that sent the request; empty: unknown
   * @param apiRequestId joins the event to API Gateway's access log; empty: unknown
   */
  LogEvent event(Route route, String client, String apiRequestId) {
    LogEvent complete =
        event
            .with("status", status)
            .with("client", client.isEmpty() ? null : client)
            .with("apiRequestId", apiRequestId.isEmpty() ? null : apiRequestId);
    return switch (route) {
      case SIGN_QUERY, SIGN_BODY -> complete.counted(metric).counted(Metric.REQUESTS);
      case JOB -> complete.counted(Metric.STATUS_REQUESTS);
      case CALLBACK_KEY -> complete;
    };
  }

  /** Omits the body, which can have a signature. */
  @Override
  public String toString() {
    return "Answer[id=" + id + ", status=" + status + "]";
  }
}
