package dev.signrelay.event;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events and writes the responses of the three functions (Lambda developer guide, "Using
 * Lambda with SQS"; {@link HttpApiRequest} for requests). Lambda's runtime client finds this class
 * with {@code ServiceLoader} and uses it instead of its own binding, which inspects AWS's types by
 * reflection and makes each cold start slower.
 *
 * <p>Only the members that the functions use are read. A member that is missing or has an unusable
 * type is absent from the event. An event that is not JSON is null; DispatchFunction's event is not
 * read at all.
 */
public final class EventSerializer implements CustomPojoSerializer {

  /**
   * Reads an event.
   *
   * @return null if it is not JSON
   * @throws IllegalArgumentException if no handler takes the type
   */
  @Override
  @SuppressWarnings("unchecked") // The caller asks for the type that its handler takes.
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
      return request(Json.members(Json.read(input)));
    }
    if (type == SQSEvent.class) {
      return batch(Json.members(Json.read(input)));
    }
    // DispatchFunction does not use its event.
    if (type == ScheduledEvent.class) {
      return new ScheduledEvent();
    }
    throw new IllegalArgumentException("no handler takes " + type.getTypeName());
  }

  private static APIGatewayV2HTTPEvent request(Map<?, ?> json) {
    Map<?, ?> requestContext = Json.members(json.get("requestContext"));
    var context = new RequestContext();
    context.setRequestId(text(requestContext.get("requestId")));
    context.setTimeEpoch(
        requestContext.get("timeEpoch") instanceof Number time ? time.longValue() : 0);
    var event = new APIGatewayV2HTTPEvent();
    event.setRawQueryString(text(json.get("rawQueryString")));
    event.setHeaders(texts(json.get("headers")));
    event.setRouteKey(text(json.get("routeKey")));
    event.setPathParameters(texts(json.get("pathParameters")));
    event.setBody(text(json.get("body")));
    event.setIsBase64Encoded(Boolean.TRUE.equals(json.get("isBase64Encoded")));
    event.setRequestContext(context);
    return event;
  }

  private static SQSEvent batch(Map<?, ?> json) {
    var messages = new ArrayList<SQSMessage>();
    if (json.get("Records") instanceof List<?> records) {
      records.forEach(message -> messages.add(message(Json.members(message))));
    }
    var event = new SQSEvent();
    event.setRecords(messages);
    return event;
  }

  private static SQSMessage message(Map<?, ?> json) {
    var attributes = new HashMap<String, MessageAttribute>();
    for (Map.Entry<?, ?> member : Json.members(json.get("messageAttributes")).entrySet()) {
      var attribute = new MessageAttribute();
      attribute.setStringValue(text(Json.members(member.getValue()).get("stringValue")));
      attributes.put((String) member.getKey(), attribute);
    }
    var message = new SQSMessage();
    message.setEventSourceArn(text(json.get("eventSourceARN")));
    message.setMessageId(text(json.get("messageId")));
    message.setBody(text(json.get("body")));
    message.setAttributes(texts(json.get("attributes")));
    message.setMessageAttributes(attributes);
    return message;
  }

  /** The text of a string, a number or a boolean; null for everything else. */
  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean
        ? value.toString()
        : null;
  }

  /** The members of an object that are texts. */
  private static Map<String, String> texts(@Nullable Object object) {
    var texts = new HashMap<String, String>();
    for (Map.Entry<?, ?> member : Json.members(object).entrySet()) {
      String text = text(member.getValue());
      if (text != null) {
        texts.put((String) member.getKey(), text);
      }
    }
    return texts;
  }

  /**
   * Writes a response.
   *
   * @throws IllegalArgumentException if no handler returns such a response
   */
  @Override
  public <T> void toJson(T response, OutputStream output, Type type) {
    String json =
        switch (response) {
          case APIGatewayV2HTTPResponse http -> Json.write(members(http));
          case SQSBatchResponse report -> Json.write(members(report));
          case Map<?, ?> result -> Json.writeAscii(result);
          default ->
              throw new IllegalArgumentException(
                  "no handler returns " + response.getClass().getName());
        };
    try {
      output.write(json.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, ?> members(APIGatewayV2HTTPResponse response) {
    var members = new LinkedHashMap<String, Object>();
    members.put("statusCode", response.getStatusCode());
    members.put("headers", response.getHeaders());
    members.put("body", response.getBody());
    members.put("isBase64Encoded", response.getIsBase64Encoded());
    return members;
  }

  private static Map<String, ?> members(SQSBatchResponse report) {
    List<?> failures =
        report.getBatchItemFailures().stream()
            .map(f -> Collections.singletonMap("itemIdentifier", f.getItemIdentifier()))
            .toList();
    return Map.of("batchItemFailures", failures);
  }
}
