package dev.signrelay.benchmark;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The floor: the cost of Lambda's Java runtime alone. */
public final class HelloHandler implements RequestStreamHandler {

  private static final byte[] RESPONSE =
      "{\"statusCode\":200,\"body\":\"hello, world\"}".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void handleRequest(InputStream event, OutputStream response, Context context)
      throws IOException {
    event.transferTo(OutputStream.nullOutputStream());
    response.write(RESPONSE);
  }
}
