package dev.signrelay.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request to an HTTP API, and the event that API Gateway makes of it: payload format 2.0, header
 * names in lower case, duplicate headers and parameters joined with commas.
 *
 * @param path percent-encoded
 * @param query percent-encoded; empty: absent
 * @param body empty: absent
 */
record ApiRequest(
    String method,
    String path,
    String query,
    Map<String, String> headers,
    byte[] body,
    String sourceIp) {

  static ApiRequest of(Exchange exchange) throws IOException {
    return new ApiRequest(
        exchange.method(),
        exchange.path(),
        encoded(exchange.query()),
        exchange.headers(),
        exchange.body(),
        exchange.client().getHostAddress());
  }

  /**
   * The event.
   *
   * @param pathParameters decoded
   */
  ObjectNode event(ApiRoute route, Map<String, String> pathParameters, String id, Instant now) {
    ObjectNode event =
        Json.object()
            .put("version", "2.0")
            .put("routeKey", route.key())
            .put("rawPath", path)
            .put("rawQueryString", query);
    headers.forEach(event.putObject("headers")::put);
    if (!query.isEmpty()) {
      parameters(event.putObject("queryStringParameters"));
    }
    ObjectNode context = event.putObject("requestContext");
    context
        .put("requestId", id)
        .put("routeKey", route.key())
        .put("stage", "$default")
        .put("timeEpoch", now.toEpochMilli());
    context
        .putObject("http")
        .put("method", method)
        .put("path", path)
        .put("protocol", "HTTP/1.1")
        .put("sourceIp", sourceIp)
        .put("userAgent", headers.getOrDefault("user-agent", ""));
    if (!pathParameters.isEmpty()) {
      pathParameters.forEach(event.putObject("pathParameters")::put);
    }
    if (body.length == 0) {
      return event.put("isBase64Encoded", false);
    }
    Optional<String> text = text();
    return event
        .put("body", text.orElseGet(() -> Base64.getEncoder().encodeToString(body)))
        .put("isBase64Encoded", text.isEmpty());
  }

  /**
   * The body, if API Gateway passes it on as text: if it has one of some types, and is UTF-8. AWS
   * does not document them; observed.
   */
  private Optional<String> text() {
    String type = headers.getOrDefault("content-type", "").toLowerCase(Locale.ROOT);
    if (!type.matches("\\s*(text/[^;\\s]+|application/(json|xml|javascript))\\s*(;.*)?")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString());
    } catch (CharacterCodingException _) {
      return Optional.empty();
    }
  }

  private void parameters(ObjectNode parameters) {
    for (String pair : query.split("&")) {
      String[] nameAndValue = pair.split("=", 2);
      String name = Exchange.decoded(nameAndValue[0]);
      String value = nameAndValue.length > 1 ? Exchange.decoded(nameAndValue[1]) : "";
      JsonNode before = parameters.get(name);
      parameters.put(name, before == null ? value : before.textValue() + "," + value);
    }
  }

  /** API Gateway percent-encodes the bytes of a query that the client has not encoded. */
  private static String encoded(String query) {
    var encoded = new StringBuilder();
    for (byte b : query.getBytes(StandardCharsets.UTF_8)) {
      if (b < 0) {
        encoded.append('%').append(String.format("%02X", b));
      } else {
        encoded.append((char) b);
      }
    }
    return encoded.toString();
  }
}
