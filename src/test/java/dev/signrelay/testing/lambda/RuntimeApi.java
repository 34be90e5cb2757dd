package dev.signrelay.testing.lambda;

import dev.signrelay.json.Json;
import dev.signrelay.local.Exchange;
import dev.signrelay.local.LocalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A server of Lambda's runtime API for one process of a function (AWS Lambda developer guide,
 * "Using the Lambda runtime API" and "Runtime hooks for SnapStart"). A restore is simulated: it is
 * the response to the request that the process sends when it is ready for its snapshot.
 */
public final class RuntimeApi implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofMinutes(2);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);
  private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(90);
  private static final String PREFIX = "/2018-06-01/runtime/";
  private static final String CREDENTIALS = "/credentials";

  /** The key and the secret of the credentials of restored processes. */
  public static final String ACCESS_KEY = "CredentialsOfARestoredProcess";

  public static final String SECRET_KEY = "SerinusSecretAccessKey44";
  private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:signrelay";

  private final LocalServer server;
  private final Supplier<ProcessTime> clock;
  private final BlockingQueue<Supplier<byte[]>> events = new LinkedBlockingQueue<>();
  private final Semaphore restores = new Semaphore(0);
  private final BlockingQueue<ProcessTime> eventRequests = new LinkedBlockingQueue<>();
  private final BlockingQueue<ProcessTime> eventsSent = new LinkedBlockingQueue<>();
  private final BlockingQueue<ProcessTime> snapshotsReady = new LinkedBlockingQueue<>();
  private final BlockingQueue<ProcessTime> restored = new LinkedBlockingQueue<>();
  private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
  private final AtomicInteger credentialReads = new AtomicInteger();
  private final CompletableFuture<Failure> failure = new CompletableFuture<>();

  /** A function's response. */
  public record Reply(ProcessTime at, byte[] body) {

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  /**
   * A failure of a function.
   *
   * @param call that reported it, for instance {@code init/error}; empty if the process exited
   *     without a report
   */
  public record Failure(String call, String body) {}

  /**
   * @param clock the current time of the process, which waits for a response meanwhile
   */
  public RuntimeApi(Supplier<ProcessTime> clock) throws IOException {
    this.clock = clock;
    server = new LocalServer("127.0.0.1", 0, this::handle);
  }

  /** The value of {@code AWS_LAMBDA_RUNTIME_API}. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  public int port() {
    return server.url().getPort();
  }

  /**
   * The variables that Lambda sets for a function with SnapStart instead of those with an access
   * key (AWS Lambda developer guide, "Activating and managing Lambda SnapStart").
   */
  public Map<String, String> credentials() {
    return Map.of(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "http://" + address() + CREDENTIALS,
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "token");
  }

  /** How often the process has read its credentials. */
  public int credentialReads() {
    return credentialReads.get();
  }

  /** Sends an event when the function requests its next one. It is created at that time. */
  public void invoke(Supplier<byte[]> event) {
    events.add(event);
  }

  /** Restores the function when it is ready for its snapshot. */
  public void restore() {
    restores.release();
  }

  /**
   * Returns the time at which the function requested an event. Each of these methods waits for the
   * next occurrence that it has not returned yet.
   *
   * @throws IllegalStateException if the function fails
   */
  public ProcessTime awaitEventRequest() throws InterruptedException, TimeoutException {
    return next(eventRequests, "did not request an event");
  }

  public ProcessTime awaitEventSent() throws InterruptedException, TimeoutException {
    return next(eventsSent, "did not receive an event");
  }

  public ProcessTime awaitSnapshotReady() throws InterruptedException, TimeoutException {
    return next(snapshotsReady, "was not ready for its snapshot");
  }

  public ProcessTime awaitRestored() throws InterruptedException, TimeoutException {
    return next(restored, "was not restored");
  }

  public Reply awaitReply() throws InterruptedException, TimeoutException {
    return next(replies, "did not respond");
  }

  /** The first failure of the function. The exit of its process is a failure, too. */
  public Failure awaitFailure() {
    return failure.copy().orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** Must be called when the process has exited, so that no method waits for it. */
  public void processExited(int status) {
    failure.complete(new Failure("", "the process exited with status " + status));
  }

  private <T> T next(BlockingQueue<T> queue, String missing)
      throws InterruptedException, TimeoutException {
    Instant end = Instant.now().plus(TIMEOUT);
    while (Instant.now().isBefore(end)) {
      T next = queue.poll(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
      if (next != null) {
        return next;
      }
      if (failure.isDone()) {
        throw new IllegalStateException("The function failed: " + failure.join());
      }
    }
    throw new TimeoutException("The function " + missing);
  }

  private void handle(Exchange exchange) throws IOException {
    if (exchange.path().equals(CREDENTIALS)) {
      credentialReads.incrementAndGet();
      exchange.respond(
          200,
          "application/json",
          Json.writeAscii(
              Map.of(
                  "AccessKeyId",
                  ACCESS_KEY,
                  "SecretAccessKey",
                  SECRET_KEY,
                  "Token",
                  "session",
                  "Expiration",
                  Instant.now().plus(Duration.ofHours(6)).toString())));
      return;
    }
    String call = exchange.path().substring(PREFIX.length());
    try {
      switch (call) {
        case "invocation/next" -> sendEvent(exchange);
        case "restore/next" -> restore(exchange);
        default -> receive(call, exchange);
      }
    } catch (InterruptedException _) {
      exchange.abort();
    }
  }

  private void sendEvent(Exchange exchange) throws IOException, InterruptedException {
    eventRequests.add(clock.get());
    byte[] event = events.take().get();
    exchange.set("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
    exchange.set(
        "Lambda-Runtime-Deadline-Ms",
        Long.toString(Instant.now().plus(FUNCTION_TIMEOUT).toEpochMilli()));
    exchange.set("Lambda-Runtime-Invoked-Function-Arn", ARN);
    eventsSent.add(clock.get());
    exchange.respond(200, "application/json", event);
  }

  private void restore(Exchange exchange) throws IOException, InterruptedException {
    snapshotsReady.add(clock.get());
    restores.acquire();
    restored.add(clock.get());
    exchange.respond(200, null, "");
  }

  private void receive(String call, Exchange exchange) throws IOException {
    byte[] body = exchange.body();
    if (call.endsWith("/response")) {
      replies.add(new Reply(clock.get(), body));
    } else {
      failure.complete(new Failure(call, new String(body, StandardCharsets.UTF_8)));
    }
    exchange.respond(202, null, "");
  }

  @Override
  public void close() {
    server.close();
  }
}
