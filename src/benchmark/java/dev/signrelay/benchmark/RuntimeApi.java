package dev.signrelay.benchmark;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lambda's side of the runtime API (AWS Lambda developer guide, "Using the Lambda runtime API" and
 * "Runtime hooks for SnapStart") for one function's process. A simulated restore is the answer to
 * the call that the process makes when it is ready for its snapshot.
 */
final class RuntimeApi implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(90);
  private static final String PREFIX = "/2018-06-01/runtime/";
  private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:benchmark";

  private final HttpServer server;
  private final int port;
  private final Supplier<Moment> clock;
  private final BlockingQueue<Supplier<byte[]>> events = new LinkedBlockingQueue<>();
  private final BlockingQueue<Moment> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<Moment> handedOver = new LinkedBlockingQueue<>();
  private final BlockingQueue<Moment> restored = new LinkedBlockingQueue<>();
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();

  /** What the function told of its failure. */
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

  /** What a function answered. */
  record Reply(Moment at, byte[] body) {

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * @param clock tells the moment; called while the process waits for an answer of ours
   */
  RuntimeApi(Supplier<Moment> clock) throws IOException {
    this.clock = clock;
    server = HttpServer.create(HttpAnswer.anyPort(), 0);
    port = HttpAnswer.start(server, this::handle);
  }

  /** For {@code AWS_LAMBDA_RUNTIME_API}. */
  String address() {
    return "127.0.0.1:" + port;
  }

  /** Hands over an event, made at that moment, as soon as the function asks for one. */
  void invoke(Supplier<byte[]> event) {
    events.add(event);
  }

  /** When the function asked for an event: the next time that has not been told. */
  Moment awaitAsked() throws InterruptedException, TimeoutException {
    return next(asked, "did not ask for an event");
  }

  Moment awaitHandedOver() throws InterruptedException, TimeoutException {
    return next(handedOver, "did not take the event");
  }

  Moment awaitRestored() throws InterruptedException, TimeoutException {
    return next(restored, "did not get ready for its snapshot");
  }

  Reply awaitReply() throws InterruptedException, TimeoutException {
    return next(replies, "did not answer");
  }

  /** To be told when the process is no more, so that nobody waits for it. */
  void functionEnded(int status) {
    failure.compareAndSet(null, "its process ended with status " + status);
  }

  /**
   * @throws IllegalStateException if the function failed
   */
  private <T> T next(BlockingQueue<T> queue, String missing)
      throws InterruptedException, TimeoutException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end)) {
      T next = queue.poll(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
      if (next != null) {
        return next;
      }
      String failed = failure.get();
      if (failed != null) {
        throw new IllegalStateException("The function failed: " + failed);
      }
    }
    throw new TimeoutException("The function " + missing);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String call = path.substring(PREFIX.length());
    if (call.equals("invocation/next")) {
      handOver(exchange);
    } else if (call.equals("restore/next")) {
      restored.add(clock.get());
      HttpAnswer.send(exchange, 200, new byte[0]);
    } else {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (call.endsWith("/response")) {
        replies.add(new Reply(clock.get(), body));
      } else {
        failure.set(new String(body, StandardCharsets.UTF_8));
      }
      HttpAnswer.send(exchange, 202, new byte[0]);
    }
  }

  private void handOver(HttpExchange exchange) throws IOException {
    asked.add(clock.get());
    byte[] event;
    try {
      event = events.take().get();
    } catch (InterruptedException _) {
      exchange.close();
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    headers.set("Content-Type", "application/json");
    headers.set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
    headers.set(
        "Lambda-Runtime-Deadline-Ms",
        Long.toString(Instant.now().plus(FUNCTION_TIMEOUT).toEpochMilli()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", ARN);
    handedOver.add(clock.get());
    HttpAnswer.send(exchange, 200, event);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
