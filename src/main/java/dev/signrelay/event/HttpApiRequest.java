package dev.signrelay.event;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * A request to an API Gateway HTTP API, payload format 2.0 (API Gateway developer guide, "Create
 * AWS Lambda proxy integrations for HTTP APIs"). A field that the event does not have is empty. The
 * {@code toString} of AWS's event type returns keys and messages: it must not reach a log.
 *
 * @param id API Gateway's id of the request
 * @param received when API Gateway received it; the epoch if the event has no such field
 * @param route the route that the request matched, such as {@code GET /crypto/sign}
 * @param pathParameters the variable parts of the route's path
 * @param query percent-encoded
 * @param headers by name, whose case is ignored: API Gateway sends lower case, {@code sam local
 *     start-api} any case. API Gateway joins headers of the same name with commas.
 * @param isBase64 whether the body is in base64. API Gateway encodes all types except {@code
 *     text/*} and JSON, XML and JavaScript of {@code application/}.
 */
public record HttpApiRequest(
    String id,
    Instant received,
    String route,
    Map<String, String> pathParameters,
    String query,
    Map<String, String> headers,
    String body,
    boolean isBase64) {

  /** The request of an event. */
  public static HttpApiRequest of(APIGatewayV2HTTPEvent event) {
    RequestContext context = requireNonNullElseGet(event.getRequestContext(), RequestContext::new);
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(requireNonNullElse(event.getHeaders(), Map.of()));
    return new HttpApiRequest(
        requireNonNullElse(context.getRequestId(), ""),
        Instant.ofEpochMilli(context.getTimeEpoch()),
        requireNonNullElse(event.getRouteKey(), ""),
        requireNonNullElse(event.getPathParameters(), Map.of()),
        requireNonNullElse(event.getRawQueryString(), ""),
        headers,
        requireNonNullElse(event.getBody(), ""),
        event.getIsBase64Encoded());
  }

  /** A header; empty: there is none. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Omits all components: they must not reach a log. */
  @Override
  public String toString() {
    return "HttpApiRequest";
  }
}
