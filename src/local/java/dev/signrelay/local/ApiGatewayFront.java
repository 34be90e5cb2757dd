package dev.signrelay.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import dev.signrelay.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Emulates an API Gateway HTTP API in front of a function: one route, payload format 2.0, header
 * names in lower case, duplicate parameters joined with commas.
 */
public final class ApiGatewayFront {

  private static final String PATH = "/crypto/sign";

  private final LambdaFunction function;
  private final BooleanSupplier throttle;

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
    if (!exchange.getRequestMethod().equals("GET")
        || !exchange.getRequestURI().getPath().equals(PATH)) {
      LocalServer.respond(exchange, 404, "application/json", "{\"message\":\"Not Found\"}");
      return;
    }
    if (!throttle.getAsBoolean()) {
      LocalServer.respond(exchange, 429, "application/json", "{\"message\":\"Too Many Requests\"}");
      return;
    }
    JsonNode response;
    try {
      response = function.invoke(Json.write(event(exchange)));
    } catch (RuntimeException e) {
      e.printStackTrace();
      LocalServer.respond(
          exchange, 500, "application/json", "{\"message\":\"Internal Server Error\"}");
      return;
    }
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

  private static ObjectNode event(HttpExchange exchange) {
    String query = rawQuery(exchange);
    ObjectNode event =
        Json.object()
            .put("version", "2.0")
            .put("routeKey", "GET " + PATH)
            .put("rawPath", PATH)
            .put("rawQueryString", query)
            .put("isBase64Encoded", false);
    ObjectNode headers = event.putObject("headers");
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
    if (!query.isEmpty()) {
      parameters(event.putObject("queryStringParameters"), query);
    }
    ObjectNode context = event.putObject("requestContext");
    context
        .put("requestId", UUID.randomUUID().toString())
        .put("stage", "$default")
        .put("timeEpoch", System.currentTimeMillis());
    context
        .putObject("http")
        .put("method", "GET")
        .put("path", PATH)
        .put("protocol", "HTTP/1.1")
        .put("sourceIp", exchange.getRemoteAddress().getAddress().getHostAddress());
    return event;
  }

  private static void parameters(ObjectNode parameters, String query) {
    for (String pair : query.split("&")) {
      String[] nameAndValue = pair.split("=", 2);
      String name = LocalServer.decoded(nameAndValue[0]);
      String value = nameAndValue.length > 1 ? LocalServer.decoded(nameAndValue[1]) : "";
      JsonNode before = parameters.get(name);
      parameters.put(name, before == null ? value : before.textValue() + "," + value);
    }
  }

  /** API Gateway percent-encodes the bytes of a query that the client has not encoded. */
  private static String rawQuery(HttpExchange exchange) {
    @Nullable String raw = exchange.getRequestURI().getRawQuery();
    if (raw == null) {
      return "";
    }
    var encoded = new StringBuilder();
    for (byte b : raw.getBytes(StandardCharsets.ISO_8859_1)) {
      if (b < 0) {
        encoded.append('%').append(String.format("%02X", b));
      } else {
        encoded.append((char) b);
      }
    }
    return encoded.toString();
  }
}
