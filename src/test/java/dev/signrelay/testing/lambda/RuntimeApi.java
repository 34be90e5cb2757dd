package dev.signrelay.testing.lambda;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.signrelay.local.LocalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Lambda's side of the runtime API (AWS Lambda developer guide, "Using the Lambda runtime API" and
 * "Runtime hooks for SnapStart") for one function's process. A simulated restore is the answer to
 * the call that the process makes when it is ready for its snapshot.
 */
public final class RuntimeApi implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(90);
  private static final String PREFIX = "/2018-06-01/runtime/";
  private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:signrelay";

  private final LocalServer server;
  private final Supplier<ProcessTime> clock;
  private final BlockingQueue<Supplier<byte[]>> events = new LinkedBlockingQueue<>();
  private final Semaphore restores = new Semaphore(0);
  private final BlockingQueue<ProcessTime> asked = new LinkedBlockingQueue<>();
  private final BlockingQueue<ProcessTime> handedOver = new LinkedBlockingQueue<>();
  private final BlockingQueue<ProcessTime> ready = new LinkedBlockingQueue<>();
  private final BlockingQueue<ProcessTime> restored = new LinkedBlockingQueue<>();
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private final CompletableFuture<Failure> failure = new CompletableFuture<>();

  /** What a function answered. */
  public record Reply(ProcessTime at, byte[] body) {

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * What a function told of its failure.
   *
   * @param call by which, such as {@code init/error}; empty if it told nothing and ended
   */
  public record Failure(String call, String told) {}

  /**
   * @param clock tells the moment; called while the process waits for an answer of ours
   */
  public RuntimeApi(Supplier<ProcessTime> clock) throws IOException {
    this.clock = clock;
    server = new LocalServer("127.0.0.1", 0, this::handle);
  }

  /** For {@code AWS_LAMBDA_RUNTIME_API}. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  public int port() {
    return server.url().getPort();
  }

  /** Hands over an event, made at that moment, as soon as the function asks for one. */
  public void invoke(Supplier<byte[]> event) {
    events.add(event);
  }

  /** Restores the function as soon as it is ready for its snapshot. */
  public void restore() {
    restores.release();
  }

  /** When the function asked for an event: the next time that has not been told. */
  public ProcessTime awaitAsked() throws InterruptedException, TimeoutException {
    return next(asked, "did not ask for an event");
  }

  public ProcessTime awaitHandedOver() throws InterruptedException, TimeoutException {
    return next(handedOver, "did not take the event");
  }

  public ProcessTime awaitReady() throws InterruptedException, TimeoutException {
    return next(ready, "did not get ready for its snapshot");
  }

  public ProcessTime awaitRestored() throws InterruptedException, TimeoutException {
    return next(restored, "was not restored");
  }

  public Reply awaitReply() throws InterruptedException, TimeoutException {
    return next(replies, "did not answer");
  }

  /** The first thing that the function told of a failure, or that its process has ended. */
  public Failure awaitFailure() {
    return failure.copy().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** To be told when the process is no more, so that nobody waits for it. */
  public void functionEnded(int status) {
    failure.complete(new Failure("", "its process ended with status " + status));
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
      if (failure.isDone()) {
        throw new IllegalStateException("The function failed: " + failure.join());
      }
    }
    throw new TimeoutException("The function " + missing);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String call = exchange.getRequestURI().getPath().substring(PREFIX.length());
    try {
      switch (call) {
        case "invocation/next" -> handOver(exchange);
        case "restore/next" -> restore(exchange);
        default -> take(call, exchange);
      }
    } catch (InterruptedException _) {
      exchange.close();
    }
  }

  private void handOver(HttpExchange exchange) throws IOException, InterruptedException {
    asked.add(clock.get());
    byte[] event = events.take().get();
    Headers headers = exchange.getResponseHeaders();
    headers.set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
    headers.set(
        "Lambda-Runtime-Deadline-Ms",
        Long.toString(Instant.now().plus(FUNCTION_TIMEOUT).toEpochMilli()));
    headers.set("Lambda-Runtime-Invoked-Function-Arn", ARN);
    handedOver.add(clock.get());
    LocalServer.respond(exchange, 200, "application/json", event);
  }

  private void restore(HttpExchange exchange) throws IOException, InterruptedException {
    ready.add(clock.get());
    restores.acquire();
    restored.add(clock.get());
    LocalServer.respond(exchange, 200, null, "");
  }

  private void take(String call, HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (call.endsWith("/response")) {
      replies.add(new Reply(clock.get(), body));
    } else {
      failure.complete(new Failure(call, new String(body, StandardCharsets.UTF_8)));
    }
    LocalServer.respond(exchange, 202, null, "");
  }

  @Override
  public void close() {
    server.close();
  }
}
