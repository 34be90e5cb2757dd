package dev.signrelay.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;

/**
 * A function that is invoked in this process as by Lambda's Java runtime: with the event's bytes,
 * an output stream for the response, and a context with a deadline.
 *
 * @param timeout sets the deadline of each context; it does not interrupt the handler
 */
public record LambdaFunction(
    String name, RequestStreamHandler handler, Duration timeout, InstantSource clock) {

  public LambdaFunction(String name, RequestStreamHandler handler, Duration timeout) {
    this(name, handler, timeout, InstantSource.system());
  }

  /**
   * A function of the template, with its timeout.
   *
   * @param name its logical ID, which must exist
   */
  static LambdaFunction of(Template template, String name, RequestStreamHandler handler) {
    int timeout = template.integer(template.properties(name).get("Timeout"));
    return new LambdaFunction(name, handler, Duration.ofSeconds(timeout));
  }

  /**
   * @throws RuntimeException if the invocation fails
   */
  public JsonNode invoke(String event) {
    var answer = new ByteArrayOutputStream();
    try {
      handler.handleRequest(
          new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)),
          answer,
          LocalContext.of(name, timeout, clock));
      return Json.read(answer.toString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Json.MalformedJsonException e) {
      throw new IllegalStateException("the function's response is not JSON", e);
    }
  }
}
