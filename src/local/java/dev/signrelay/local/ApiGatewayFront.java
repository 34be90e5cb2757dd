package dev.signrelay.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import dev.signrelay.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Emulates an API Gateway HTTP API in front of SignFunction, with the routes of the template. */
public final class ApiGatewayFront {

  /** API Gateway's quota for the payload of an HTTP API. */
  private static final int MAX_BODY_BYTES = 10 * 1024 * 1024;

  private final LambdaFunction function;
  private final BooleanSupplier throttle;
  private final List<ApiRoute> routes = ApiRoute.of(Template.read(), "SignFunction");

  public ApiGatewayFront(LambdaFunction function) {
    this(function, () -> true);
  }

  /**
   * @param throttle returns whether another request is admitted; others are answered with 429
   */
  public ApiGatewayFront(LambdaFunction function, BooleanSupplier throttle) {
    this.function = function;
    this.throttle = throttle;
  }

  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    for (ApiRoute route : routes) {
      Optional<Map<String, String>> match = route.match(exchange.getRequestMethod(), path);
      if (match.isPresent()) {
        handle(exchange, route, match.get());
        return;
      }
    }
    refuse(exchange, 404, "Not Found");
  }

  private void handle(HttpExchange exchange, ApiRoute route, Map<String, String> pathParameters)
      throws IOException {
    Instant now = Instant.now();
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    // A response before the end of the request would be a reset for the client.
    exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
    if (body.length > MAX_BODY_BYTES) {
      refuse(exchange, 413, "Request Entity Too Large");
    } else if (!throttle.getAsBoolean()) {
      refuse(exchange, 429, "Too Many Requests");
    } else {
      String id = UUID.randomUUID().toString();
      JsonNode response =
          invoke(Json.write(ApiRequest.of(exchange, body).event(route, pathParameters, id, now)));
      if (response == null) {
        refuse(exchange, 500, "Internal Server Error");
      } else {
        respond(exchange, response);
      }
    }
  }

  /** Null if the invocation fails. */
  private @Nullable JsonNode invoke(String event) {
    try {
      return function.invoke(event);
    } catch (RuntimeException e) {
      e.printStackTrace();
      return null;
    }
  }

  private static void respond(HttpExchange exchange, JsonNode response) throws IOException {
    response
        .path("headers")
        .properties()
        .forEach(
            h ->
                exchange
                    .getResponseHeaders()
                    .set(h.getKey().toLowerCase(Locale.ROOT), h.getValue().textValue()));
    LocalServer.respond(
        exchange, response.path("statusCode").intValue(), null, response.path("body").asText());
  }

  private static void refuse(HttpExchange exchange, int status, String message) throws IOException {
    LocalServer.respond(
        exchange, status, "application/json", Json.write(Json.object().put("message", message)));
  }
}
