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
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import java.util.HashMap;
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
      return request(Json.read(input));
    }
    if (type == SQSEvent.class) {
      return batch(Json.read(input));
    }
    // DispatchFunction does not use its event.
    if (type == ScheduledEvent.class) {
      return new ScheduledEvent();
    }
    throw new IllegalArgumentException("no handler takes " + type.getTypeName());
  }

  private static APIGatewayV2HTTPEvent request(JsonNode json) {
    JsonNode requestContext = json.path("requestContext");
    var context = new RequestContext();
    context.setRequestId(text(requestContext.path("requestId")));
    context.setTimeEpoch(requestContext.path("timeEpoch").longValue());
    var event = new APIGatewayV2HTTPEvent();
    event.setRawQueryString(text(json.path("rawQueryString")));
    event.setHeaders(texts(json.path("headers")));
    event.setRouteKey(text(json.path("routeKey")));
    event.setPathParameters(texts(json.path("pathParameters")));
    event.setBody(text(json.path("body")));
    event.setIsBase64Encoded(json.path("isBase64Encoded").booleanValue());
    event.setRequestContext(context);
    return event;
  }

  private static SQSEvent batch(JsonNode json) {
    var messages = new ArrayList<SQSMessage>();
    if (json.path("Records") instanceof ArrayNode records) {
      records.forEach(message -> messages.add(message(message)));
    }
    var event = new SQSEvent();
    event.setRecords(messages);
    return event;
  }

  private static SQSMessage message(JsonNode json) {
    var attributes = new HashMap<String, MessageAttribute>();
    json.path("messageAttributes")
        .forEachEntry((name, value) -> attributes.put(name, attribute(value)));
    var message = new SQSMessage();
    message.setEventSourceArn(text(json.path("eventSourceARN")));
    message.setMessageId(text(json.path("messageId")));
    message.setBody(text(json.path("body")));
    message.setAttributes(texts(json.path("attributes")));
    message.setMessageAttributes(attributes);
    return message;
  }

  private static MessageAttribute attribute(JsonNode json) {
    var attribute = new MessageAttribute();
    attribute.setStringValue(text(json.path("stringValue")));
    return attribute;
  }

  /** The text of a string, a number or a boolean; null for everything else. */
  private static @Nullable String text(JsonNode value) {
    return value.isContainerNode() ? null : value.asText(null);
  }

  /** The members of an object that are texts. */
  private static Map<String, String> texts(JsonNode object) {
    var texts = new HashMap<String, String>();
    // Null makes no entry.
    object.forEachEntry((name, value) -> texts.computeIfAbsent(name, _ -> text(value)));
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
          case APIGatewayV2HTTPResponse http -> Json.write(tree(http));
          case SQSBatchResponse report -> Json.write(tree(report));
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

  private static ObjectNode tree(APIGatewayV2HTTPResponse response) {
    return Json.object()
        .put("statusCode", response.getStatusCode())
        .putPOJO("headers", response.getHeaders())
        .put("body", response.getBody())
        .put("isBase64Encoded", response.getIsBase64Encoded());
  }

  private static ObjectNode tree(SQSBatchResponse report) {
    ObjectNode json = Json.object();
    ArrayNode failures = json.putArray("batchItemFailures");
    report
        .getBatchItemFailures()
        .forEach(f -> failures.addObject().put("itemIdentifier", f.getItemIdentifier()));
    return json;
  }
}
