package dev.signrelay.event;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;

/**
 * A request to an API Gateway HTTP API, payload format 2.0 (API Gateway developer guide, "Create
 * AWS Lambda proxy integrations for HTTP APIs").
 *
 * @param rawQuery still percent-encoded; empty if there is none
 * @param received when API Gateway got it; the epoch if it does not say
 */
public record HttpApiRequest(String rawQuery, Instant received) {

  /**
   * @throws IOException if the event is not JSON
   */
  public static HttpApiRequest read(InputStream event) throws IOException {
    JsonNode request = Json.read(event);
    return new HttpApiRequest(
        request.path("rawQueryString").asText(),
        Instant.ofEpochMilli(request.path("requestContext").path("timeEpoch").asLong()));
  }
}
