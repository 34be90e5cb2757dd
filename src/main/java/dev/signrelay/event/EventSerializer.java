package dev.signrelay.event;

import com.amazonaws.services.lambda.runtime.CustomPojoSerializer;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent.RequestContext;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
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
      return request(Json.read(input));
    }
    if (type == SQSEvent.class) {
      return batch(Json.read(input));
    }
    // DispatchFunction uses nothing of its event.
    if (type == ScheduledEvent.class) {
      return new ScheduledEvent();
    }
    throw new IllegalArgumentException("no handler takes " + type.getTypeName());
  }

  private static APIGatewayV2HTTPEvent request(JsonNode json) {
    var context = new RequestContext();
    context.setRequestId(text(json.path("requestContext").path("requestId")));
    context.setTimeEpoch(json.path("requestContext").path("timeEpoch").asLong());
    var event = new APIGatewayV2HTTPEvent();
    event.setRawQueryString(text(json.path("rawQueryString")));
    event.setHeaders(texts(json.path("headers")));
    event.setRouteKey(text(json.path("routeKey")));
    event.setPathParameters(texts(json.path("pathParameters")));
    event.setBody(text(json.path("body")));
    event.setIsBase64Encoded(json.path("isBase64Encoded").asBoolean());
    event.setRequestContext(context);
    return event;
  }

  private static SQSEvent batch(JsonNode json) {
    var messages = new ArrayList<SQSMessage>();
    for (JsonNode message : json.path("Records")) {
      messages.add(message(message));
    }
    var event = new SQSEvent();
    event.setRecords(messages);
    return event;
  }

  private static SQSMessage message(JsonNode json) {
    var attributes = new HashMap<String, MessageAttribute>();
    for (Map.Entry<String, JsonNode> member : json.path("messageAttributes").properties()) {
      var attribute = new MessageAttribute();
      attribute.setStringValue(text(member.getValue().path("stringValue")));
      attributes.put(member.getKey(), attribute);
    }
    var message = new SQSMessage();
    message.setEventSourceArn(text(json.path("eventSourceARN")));
    message.setMessageId(text(json.path("messageId")));
    message.setBody(text(json.path("body")));
    message.setAttributes(texts(json.path("attributes")));
    message.setMessageAttributes(attributes);
    return message;
  }

  /** The text of a string, a number or a boolean; null for everything else. */
  private static @Nullable String text(JsonNode node) {
    return node.isValueNode() && !node.isNull() ? node.asText() : null;
  }

  /** The members of an object that are texts. */
  private static Map<String, String> texts(JsonNode object) {
    var texts = new HashMap<String, String>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      String text = text(member.getValue());
      if (text != null) {
        texts.put(member.getKey(), text);
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
    try {
      output.write(written(response).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String written(Object response) {
    return switch (response) {
      case APIGatewayV2HTTPResponse http -> Json.write(tree(http));
      case SQSBatchResponse report -> Json.write(tree(report));
      case Map<?, ?> result -> Json.writeAscii(result);
      default ->
          throw new IllegalArgumentException("no handler returns " + response.getClass().getName());
    };
  }

  private static ObjectNode tree(APIGatewayV2HTTPResponse response) {
    ObjectNode json = Json.object().put("statusCode", response.getStatusCode());
    response.getHeaders().forEach(json.putObject("headers")::put);
    return json.put("body", response.getBody())
        .put("isBase64Encoded", response.getIsBase64Encoded());
  }

  private static ObjectNode tree(SQSBatchResponse report) {
    ObjectNode json = Json.object();
    ArrayNode failures = json.putArray("batchItemFailures");
    for (BatchItemFailure failure : report.getBatchItemFailures()) {
      failures.addObject().put("itemIdentifier", failure.getItemIdentifier());
    }
    return json;
  }
}
