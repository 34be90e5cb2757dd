package dev.signrelay.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/**
 * A request to an API Gateway HTTP API, payload format 2.0 (API Gateway developer guide, "Create
 * AWS Lambda proxy integrations for HTTP APIs").
 *
 * @param rawQuery percent-encoded; empty: absent
 * @param apiRequestId API Gateway's id of the request; empty: absent
 * @param received when API Gateway received it; the epoch: absent
 * @param authorization the header {@code Authorization}; empty: absent
 * @param apiKey the header {@code x-api-key}; empty: absent
 */
public record HttpApiRequest(
    String apiRequestId, String rawQuery, Instant received, String authorization, String apiKey) {

  /**
   * Reads an event.
   *
   * @throws MalformedJsonException if the event is not JSON
   * @throws IOException if the event cannot be read
   */
  public static HttpApiRequest read(InputStream event) throws IOException, MalformedJsonException {
    JsonNode request = Json.read(event);
    JsonNode context = request.path("requestContext");
    return new HttpApiRequest(
        context.path("requestId").asText(),
        request.path("rawQueryString").asText(),
        Instant.ofEpochMilli(context.path("timeEpoch").asLong()),
        header(request, "authorization"),
        header(request, "x-api-key"));
  }

  /** API Gateway sends names in lower case, {@code sam local start-api} in any case. */
  private static String header(JsonNode request, String name) {
    return request
        .path("headers")
        .propertyStream()
        .filter(h -> h.getKey().equalsIgnoreCase(name))
        .map(h -> h.getValue().asText())
        .findFirst()
        .orElse("");
  }

  /** Omits the query and the keys, which must not reach a log. */
  @Override
  public String toString() {
    return "HttpApiRequest[" + received + "]";
  }
}
