package dev.signrelay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.log.LogEvent;
import dev.signrelay.queue.RetryQueue;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.upstream.SigningOutcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a handler works with, in memory: a clock that is set, an upstream and a receiver that answer
 * as told, a queue that keeps what it gets.
 */
final class Parts implements RetryQueue {

  record Sent(Job job, Duration delay, Duration timeout) {}

  record Dead(Job job, DeadLetterReason reason) {}

  record Delivery(URI url, String id, @Nullable String signature) {}

  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
  static final Map<String, String> ENVIRONMENT =
      Map.of(
          "CRYPTO_CLIENT_BASE_URL", "https://upstream.example",
          "CRYPTO_CLIENT_API_KEY", "the-key",
          "RETRY_QUEUE_URL", "https://sqs.example/1/retry",
          "DEAD_LETTER_QUEUE_URL", "https://sqs.example/1/dead",
          "RATE_LIMIT_TABLE", "limits");

  final List<String> signed = new CopyOnWriteArrayList<>();
  final List<Duration> upstreamTimeouts = new CopyOnWriteArrayList<>();
  final List<Instant> sentBefore = new CopyOnWriteArrayList<>();
  final List<Delivery> delivered = new CopyOnWriteArrayList<>();
  final List<Sent> sent = new CopyOnWriteArrayList<>();
  final List<Dead> dead = new CopyOnWriteArrayList<>();

  /** How many jobs were sent with each request. */
  final List<Integer> requests = new CopyOnWriteArrayList<>();

  final List<LogEvent> log = new CopyOnWriteArrayList<>();
  Instant now = START;
  final GrantsAsTold limiter = new GrantsAsTold(() -> now);
  boolean queueIsDown;
  boolean prepared;

  /** How often chance was asked for, which is once for each retry that is planned. */
  final AtomicInteger jitters = new AtomicInteger();

  Function<String, SigningOutcome> upstream = _ -> new SigningOutcome.Signed("signature");
  Function<Delivery, DeliveryOutcome> receiver = _ -> new DeliveryOutcome.Delivered("http-204");

  private final Map<String, String> environment = new HashMap<>(ENVIRONMENT);
  private final AtomicInteger ids = new AtomicInteger();

  Parts with(String setting, String value) {
    environment.put(setting, value);
    return this;
  }

  Wiring wiring() {
    Config config = Config.from(environment::get);
    return new Wiring(
        config,
        (message, timeout, sendBefore) -> {
          signed.add(message);
          sentBefore.add(sendBefore);
          upstreamTimeouts.add(timeout);
          return upstream.apply(message);
        },
        (url, id, signature, _) -> {
          var delivery = new Delivery(url, id, signature);
          delivered.add(delivery);
          return receiver.apply(delivery);
        },
        limiter,
        this,
        config.retryPolicy(),
        () -> now,
        this::pause,
        () -> {
          jitters.incrementAndGet();
          return 0.5;
        },
        () -> id(ids.incrementAndGet()),
        log::add);
  }

  /** What SignFunction answers to an event. */
  JsonNode answer(JsonNode event) {
    var handler = new SignHandler(wiring());
    return new LambdaFunction("SignFunction", handler, Duration.ofSeconds(5))
        .invoke(Json.write(event));
  }

  /** The id of the nth request. */
  static String id(int n) {
    return "00000000-0000-4000-8000-%012d".formatted(n);
  }

  private synchronized boolean pause(Instant until) {
    now = now.isBefore(until) ? until : now;
    return true;
  }

  /** Lets an upstream or a receiver take its time. */
  <T> T after(Duration time, T outcome) {
    now = now.plus(time);
    return outcome;
  }

  static SigningOutcome unsigned(String code) {
    return new SigningOutcome.Unsigned(code, null);
  }

  static DeliveryOutcome undelivered(String code, @Nullable Duration retryAfter) {
    return new DeliveryOutcome.Undelivered(code, retryAfter);
  }

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    requireUp();
    sent.add(new Sent(job, delay, timeout));
  }

  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    requests.add(jobs.size());
    return RetryQueue.super.sendAll(jobs, timeout);
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    requireUp();
    dead.add(new Dead(job, reason));
  }

  private void requireUp() {
    if (queueIsDown) {
      throw new QueueUnavailableException("the queue is down", new IllegalStateException());
    }
  }

  @Override
  public void prepare() {
    prepared = true;
  }
}
