package dev.signrelay.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ServiceLoader;

/**
 * A function that is invoked in this process as by Lambda's Java runtime: the event is read and the
 * response is written by the serializer of the package, for the types that the handler declares,
 * and the context has a deadline.
 *
 * @param timeout sets the deadline of each context; it does not interrupt the handler
 */
public record LambdaFunction(
    String name,
    RequestHandler<?, ?> handler,
    Duration timeout,
    int megabytes,
    InstantSource clock) {

  private static final CustomPojoSerializer SERIALIZER =
      ServiceLoader.load(CustomPojoSerializer.class).findFirst().orElseThrow();

  public LambdaFunction(String name, RequestHandler<?, ?> handler, Duration timeout) {
    this(name, handler, timeout, InstantSource.system());
  }

  /** With the memory of the template's default. */
  public LambdaFunction(
      String name, RequestHandler<?, ?> handler, Duration timeout, InstantSource clock) {
    this(name, handler, timeout, LocalContext.MEGABYTES, clock);
  }

  /**
   * A function of the template, with its timeout.
   *
   * @param name its logical ID, which must exist
   */
  static LambdaFunction of(Template template, String name, RequestHandler<?, ?> handler) {
    int timeout = template.integer(template.properties(name).get("Timeout"));
    return new LambdaFunction(name, handler, Duration.ofSeconds(timeout));
  }

  /**
   * @throws RuntimeException if the invocation fails
   */
  public JsonNode invoke(String event) {
    String response = invoke(handler, event, LocalContext.of(name, timeout, megabytes, clock));
    try {
      return Json.read(response);
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("the function's response is not JSON", e);
    }
  }

  private static <E, R> String invoke(RequestHandler<E, R> handler, String json, Context context) {
    Type[] types = types(handler);
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    E event = SERIALIZER.fromJson(new ByteArrayInputStream(bytes), types[0]);
    R response = handler.handleRequest(event, context);
    var written = new ByteArrayOutputStream();
    SERIALIZER.toJson(response, written, types[1]);
    return written.toString(StandardCharsets.UTF_8);
  }

  private static Type[] types(RequestHandler<?, ?> handler) {
    for (Type type : handler.getClass().getGenericInterfaces()) {
      if (type instanceof ParameterizedType of && of.getRawType() == RequestHandler.class) {
        return of.getActualTypeArguments();
      }
    }
    throw new IllegalArgumentException(handler.getClass() + " does not declare its types");
  }
}
