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
 * @param rawQuery still percent-encoded; empty if there is none
 * @param apiRequestId API Gateway's own id for it; empty if it does not say
 * @param received when API Gateway got it; the epoch if it does not say
 * @param authorization the header {@code Authorization}; empty if there is none
 * @param apiKey the header {@code x-api-key}; empty if there is none
 */
public record HttpApiRequest(
    String apiRequestId, String rawQuery, Instant received, String authorization, String apiKey) {

  /**
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

  /** Names are in lower case from API Gateway, and in any case from {@code sam local start-api}. */
  private static String header(JsonNode request, String name) {
    return request
        .path("headers")
        .propertyStream()
        .filter(h -> h.getKey().equalsIgnoreCase(name))
        .map(h -> h.getValue().asText())
        .findFirst()
        .orElse("");
  }

  /** Without the query and the keys, which are not for logs. */
  @Override
  public String toString() {
    return "HttpApiRequest[" + received + "]";
  }
}
