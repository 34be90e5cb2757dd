package dev.signrelay.event;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events and writes the responses of the three functions. Lambda's runtime client finds
 * this class with {@code ServiceLoader} and uses it instead of its own binding, which inspects
 * AWS's types by reflection and makes each cold start slower.
 *
 * <p>Only the members that the functions use are read; one that is missing or has an unusable type
 * is absent in the event. An event that is not JSON is null as a whole: each handler decides what
 * follows.
 */
public final class EventSerializer implements CustomPojoSerializer {

  /** Called by {@code ServiceLoader}. */
  public EventSerializer() {}

  /**
   * Reads an event.
   *
   * @return null if it is not JSON
   * @throws IllegalArgumentException if no handler takes the type
   */
  @Override
  @SuppressWarnings("unchecked") // the caller asks for the type that its handler takes
  public <T> @Nullable T fromJson(InputStream input, Type type) {
    try {
      return (T) read(input, type);
    } catch (MalformedJsonException _) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Like {@link #fromJson(InputStream, Type)}. */
  @Override
  public <T> @Nullable T fromJson(String input, Type type) {
    return fromJson(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), type);
  }

  private static Object read(InputStream input, Type type)
      throws IOException, MalformedJsonException {
    if (type == APIGatewayV2HTTPEvent.class) {
      return HttpApiEvents.read(Json.read(input));
    }
    if (type == SQSEvent.class) {
      return SqsEvents.read(Json.read(input));
    }
    // DispatchFunction uses nothing of its event.
    if (type == ScheduledEvent.class) {
      return new ScheduledEvent();
    }
    throw new IllegalArgumentException("no handler takes " + type.getTypeName());
  }

  /**
   * Writes a response.
   *
   * @throws IllegalArgumentException if no handler returns such a response
   */
  @Override
  public <T> void toJson(T response, OutputStream output, Type type) {
    try {
      output.write(text(response).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Object response) {
    if (response instanceof APIGatewayV2HTTPResponse http) {
      return Json.write(HttpApiEvents.write(http));
    }
    if (response instanceof SQSBatchResponse batch) {
      return Json.write(SqsEvents.write(batch));
    }
    if (response instanceof Map<?, ?> report) {
      return Json.writeAscii(report);
    }
    throw new IllegalArgumentException("no handler returns " + response.getClass().getName());
  }
}
