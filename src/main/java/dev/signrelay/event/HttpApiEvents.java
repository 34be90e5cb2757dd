package dev.signrelay.event;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Requests to an API Gateway HTTP API and the responses, payload format 2.0 (API Gateway developer
 * guide, "Create AWS Lambda proxy integrations for HTTP APIs"). What an event does not have is
 * empty. The text of AWS's types contains keys and signatures: it must not reach a log.
 */
public final class HttpApiEvents {

  private HttpApiEvents() {}

  /** The query, percent-encoded. */
  public static String rawQuery(APIGatewayV2HTTPEvent event) {
    return orEmpty(event.getRawQueryString());
  }

  /** The route that the request matched, such as {@code GET /crypto/sign}. */
  public static String route(APIGatewayV2HTTPEvent event) {
    return orEmpty(event.getRouteKey());
  }

  /** The value of a variable part of the route's path. */
  public static String pathParameter(APIGatewayV2HTTPEvent event, String name) {
    Map<String, String> parameters = event.getPathParameters();
    return parameters == null ? "" : parameters.getOrDefault(name, "");
  }

  /** The body: its text, or base64 if {@link #isBase64} says so. */
  public static String body(APIGatewayV2HTTPEvent event) {
    return orEmpty(event.getBody());
  }

  /**
   * Whether the body is in base64. API Gateway encodes all types but {@code text/*} and the JSON,
   * XML and JavaScript of {@code application/}.
   */
  public static boolean isBase64(APIGatewayV2HTTPEvent event) {
    return event.getIsBase64Encoded();
  }

  /** API Gateway's id of the request. */
  public static String apiRequestId(APIGatewayV2HTTPEvent event) {
    RequestContext context = event.getRequestContext();
    return context == null ? "" : orEmpty(context.getRequestId());
  }

  /** When API Gateway received the request; the epoch if the event has no such field. */
  public static Instant received(APIGatewayV2HTTPEvent event) {
    RequestContext context = event.getRequestContext();
    return Instant.ofEpochMilli(context == null ? 0 : context.getTimeEpoch());
  }

  /** A header; empty if there is none. */
  public static String header(APIGatewayV2HTTPEvent event, String name) {
    return headerIfPresent(event, name).orElse("");
  }

  /**
   * A header, which may be empty. API Gateway joins headers of the same name by commas. Its names
   * are in lower case, those of {@code sam local start-api} in any case.
   *
   * @param name in any case
   * @return empty if there is none
   */
  public static Optional<String> headerIfPresent(APIGatewayV2HTTPEvent event, String name) {
    if (event.getHeaders() != null) {
      for (Map.Entry<String, String> header : event.getHeaders().entrySet()) {
        if (header.getKey().equalsIgnoreCase(name)) {
          return Optional.of(orEmpty(header.getValue()));
        }
      }
    }
    return Optional.empty();
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  static APIGatewayV2HTTPEvent read(JsonNode request) {
    JsonNode json = request.path("requestContext");
    var context = new RequestContext();
    context.setRequestId(Texts.of(json.path("requestId")));
    context.setTimeEpoch(json.path("timeEpoch").asLong());
    var event = new APIGatewayV2HTTPEvent();
    event.setRawQueryString(Texts.of(request.path("rawQueryString")));
    event.setHeaders(Texts.ofMembers(request.path("headers")));
    event.setRouteKey(Texts.of(request.path("routeKey")));
    event.setPathParameters(Texts.ofMembers(request.path("pathParameters")));
    event.setBody(Texts.of(request.path("body")));
    event.setIsBase64Encoded(request.path("isBase64Encoded").asBoolean());
    event.setRequestContext(context);
    return event;
  }

  static ObjectNode write(APIGatewayV2HTTPResponse response) {
    ObjectNode json = Json.object().put("statusCode", response.getStatusCode());
    response.getHeaders().forEach(json.putObject("headers")::put);
    return json.put("body", response.getBody())
        .put("isBase64Encoded", response.getIsBase64Encoded());
  }
}
