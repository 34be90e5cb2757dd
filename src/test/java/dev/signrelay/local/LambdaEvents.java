package dev.signrelay.local;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.amazonaws.services.lambda.runtime.serialization.factories.JacksonFactory;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Invokes a handler as Lambda's Java runtime does: JSON through AWS's own event serialization in,
 * JSON out.
 */
public final class LambdaEvents<I, O> {

  private final RequestHandler<I, O> handler;
  private final PojoSerializer<I> events;
  private final PojoSerializer<O> answers;

  public LambdaEvents(RequestHandler<I, O> handler, Class<I> event, Class<O> answer) {
    this.handler = handler;
    this.events = serializer(event);
    this.answers = serializer(answer);
  }

  private static <T> PojoSerializer<T> serializer(Class<T> type) {
    return LambdaEventSerializers.isLambdaSupportedEvent(type.getName())
        ? LambdaEventSerializers.serializerFor(type, type.getClassLoader())
        : JacksonFactory.getInstance().getSerializer(type);
  }

  public String invoke(String event, Context context) {
    O answer = handler.handleRequest(events.fromJson(event), context);
    var json = new ByteArrayOutputStream();
    answers.toJson(answer, json);
    return json.toString(StandardCharsets.UTF_8);
  }
}
