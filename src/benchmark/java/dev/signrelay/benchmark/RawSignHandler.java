package dev.signrelay.benchmark;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import dev.signrelay.SignHandler;
import dev.signrelay.event.EventSerializer;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * SignFunction on raw streams: the same workflow, reader, writer and priming, but Lambda's runtime
 * client knows nothing of the event's type and looks for no serializer.
 */
public final class RawSignHandler implements RequestStreamHandler {

  private final SignHandler handler = new SignHandler();
  private final EventSerializer serializer = new EventSerializer();

  @Override
  public void handleRequest(InputStream event, OutputStream response, Context context) {
    APIGatewayV2HTTPEvent request = serializer.fromJson(event, APIGatewayV2HTTPEvent.class);
    serializer.toJson(
        handler.handleRequest(request, context), response, APIGatewayV2HTTPResponse.class);
  }
}
