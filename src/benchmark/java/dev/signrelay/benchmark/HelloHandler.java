package dev.signrelay.benchmark;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The floor: the least that a function can do, and what no function of ours can be faster than. */
public final class HelloHandler implements RequestStreamHandler {

  private static final byte[] ANSWER =
      "{\"statusCode\":200,\"body\":\"hello, world\"}".getBytes(StandardCharsets.US_ASCII);

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    event.transferTo(OutputStream.nullOutputStream());
    answer.write(ANSWER);
  }
}
