package dev.signrelay.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A response through an API Gateway HTTP API, payload format 2.0. */
public record HttpApiResponse(int statusCode, Map<String, String> headers, String body) {

  public HttpApiResponse {
    headers = Map.copyOf(headers);
  }

  /** Omits the body, which may hold a signature. */
  @Override
  public String toString() {
    return "HttpApiResponse[statusCode=" + statusCode + "]";
  }

  /** Writes the response in the form that API Gateway reads. */
  public void write(OutputStream response) throws IOException {
    ObjectNode json = Json.object().put("statusCode", statusCode);
    headers.forEach(json.putObject("headers")::put);
    json.put("body", body).put("isBase64Encoded", false);
    response.write(Json.write(json).getBytes(StandardCharsets.UTF_8));
  }
}
