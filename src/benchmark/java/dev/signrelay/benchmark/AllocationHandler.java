package dev.signrelay.benchmark;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

/**
 * Passes events on to another handler, whose class {@value #DELEGATE} names. To the event {@value
 * #QUESTION} it answers how many bytes the process has allocated so far.
 */
public final class AllocationHandler implements RequestStreamHandler {

  static final String DELEGATE = "BENCHMARK_DELEGATE";
  static final String QUESTION = "\"allocated\"";

  private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private final RequestStreamHandler delegate;

  public AllocationHandler() throws ReflectiveOperationException {
    delegate =
        (RequestStreamHandler)
            Class.forName(System.getenv(DELEGATE)).getDeclaredConstructor().newInstance();
  }

  @Override
  public void handleRequest(InputStream event, OutputStream answer, Context context)
      throws IOException {
    byte[] bytes = event.readAllBytes();
    if (new String(bytes, StandardCharsets.UTF_8).equals(QUESTION)) {
      String allocated = Long.toString(threads.getTotalThreadAllocatedBytes());
      answer.write(allocated.getBytes(StandardCharsets.US_ASCII));
    } else {
      delegate.handleRequest(new ByteArrayInputStream(bytes), answer, context);
    }
  }
}
