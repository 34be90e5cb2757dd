package dev.signrelay.testing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.aws.ClientPrimer;
import dev.signrelay.callback.CallbackSender;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues;
import dev.signrelay.queue.ReceivedMessage;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.secret.Secret;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.upstream.Signer;
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
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * In-memory services: a clock that the test advances, an upstream, a receiver and a rate limiter
 * that respond as configured, a line, and queues that record what they receive.
 */
public final class FakeServices implements JobQueues, CallbackSender {

  public record Sent(Job job, JobQueue queue, Duration delay, Duration timeout) {}

  public record Dead(Job job, DeadLetterReason reason) {}

  /** A dead letter that is not a job. */
  public record DeadMessage(String body, String error) {}

  /**
   * A callback.
   *
   * @param signature null: a failure notice
   * @param reason of a failure notice; null: a signature
   */
  public record Delivery(URI url, String id, @Nullable String signature, @Nullable String reason) {

    public Delivery(URI url, String id, String signature) {
      this(url, id, signature, null);
    }
  }

  public static final Instant START = FakeTime.START;

  public final List<String> signed = new CopyOnWriteArrayList<>();
  public final List<Duration> upstreamTimeouts = new CopyOnWriteArrayList<>();
  public final List<Duration> callbackTimeouts = new CopyOnWriteArrayList<>();
  public final List<Grant> grants = new CopyOnWriteArrayList<>();
  public final List<Delivery> delivered = new CopyOnWriteArrayList<>();
  public final List<Sent> sent = new CopyOnWriteArrayList<>();
  public final List<Dead> dead = new CopyOnWriteArrayList<>();
  public final List<DeadMessage> deadMessages = new CopyOnWriteArrayList<>();

  /** The number of jobs in each request of a batch. */
  public final List<Integer> batches = new CopyOnWriteArrayList<>();

  public final List<LogEvent> log = new CopyOnWriteArrayList<>();
  public final FakeTime time;
  public final FakeRateLimiter limiter;
  public final FakeLine line = new FakeLine();

  /** Is used if the settings say so. */
  public final FakeJobTable jobTable;

  public final AtomicInteger primings = new AtomicInteger();

  /** How often the process has ended itself. */
  public final AtomicInteger restarts = new AtomicInteger();

  public boolean queueIsDown;

  /** The jobs that the queues refuse. */
  public Predicate<Job> refused = _ -> false;

  public boolean clientKeysAreKnown = true;
  public boolean upstreamKeyIsKnown = true;

  /** Whether the upstream accepts connections before a grant expires. */
  public boolean connectsInTime = true;

  public Function<String, SigningOutcome> upstream = _ -> new SigningOutcome.Signed("signature");
  public Function<Delivery, DeliveryOutcome> receiver =
      _ -> new DeliveryOutcome.Delivered("http-204");

  /** By default, {@link #receiver} answers. */
  public CallbackSender callbacks = this;

  private final Map<String, String> environment = new HashMap<>(TestEnvironment.REQUIRED);
  private final AtomicInteger ids = new AtomicInteger();

  public FakeServices() {
    this(new FakeTime());
  }

  public FakeServices(FakeTime time) {
    this.time = time;
    this.limiter = new FakeRateLimiter(time);
    this.jobTable = new FakeJobTable(time);
  }

  public FakeServices with(String setting, String value) {
    environment.put(setting, value);
    return this;
  }

  public Services services() {
    Config config = Config.from(environment::get);
    return new Services(
        config,
        time,
        log::add,
        clientKeys(config),
        new FakeSigner(),
        callbacks,
        limiter,
        this,
        line,
        jobTable(config),
        new ClientPrimer(primings::incrementAndGet),
        new Services.Platform(
            () -> 0.5, () -> id(ids.incrementAndGet()), restarts::incrementAndGet));
  }

  private JobTable jobTable(Config config) {
    Config.Records records = config.records();
    return records.enabled()
        ? jobTable.with(
            new JobTable.Rules(
                records.keep(), records.reuseSignatures(), config.clients().jobsPerHour()))
        : FakeJobTable.none();
  }

  private Secret<ClientKeys> clientKeys(Config config) {
    return config.clients().keys() instanceof Secret.Fixed<ClientKeys>(ClientKeys keys)
        ? new FakeSecret<>(keys, () -> clientKeysAreKnown)
        : new Secret.Fixed<>(ClientKeys.NONE);
  }

  private final class FakeSigner implements Signer {

    private final Secret<String> key = new FakeSecret<>("key", () -> upstreamKeyIsKnown);

    @Override
    public void prepare(Duration limit) {
      key.get(limit);
    }

    @Override
    public Optional<SigningOutcome> sign(String message, Duration timeout, Grant grant) {
      signed.add(message);
      grants.add(grant);
      upstreamTimeouts.add(timeout);
      time.sleepUntil(grant.from());
      return connectsInTime ? Optional.of(upstream.apply(message)) : Optional.empty();
    }
  }

  /** SignFunction's response to an event. */
  public JsonNode answer(JsonNode event) {
    return new LambdaFunction("SignFunction", new SignHandler(services()), Duration.ofSeconds(5))
        .invoke(Json.write(event));
  }

  /** The id of the nth request. */
  public static String id(int n) {
    return "00000000-0000-4000-8000-%012d".formatted(n);
  }

  /** Advances the clock and returns an outcome. */
  public <T> T after(Duration duration, T outcome) {
    time.advance(duration);
    return outcome;
  }

  public static SigningOutcome failed(String code) {
    return new SigningOutcome.Failed(code, null);
  }

  public static DeliveryOutcome undelivered(String code, @Nullable Duration retryAfter) {
    return new DeliveryOutcome.Undelivered(code, retryAfter);
  }

  @Override
  public DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout) {
    callbackTimeouts.add(timeout);
    return callback(new Delivery(url, id, signature));
  }

  @Override
  public DeliveryOutcome notifyFailure(URI url, String id, String reason, Duration timeout) {
    return callback(new Delivery(url, id, null, reason));
  }

  private DeliveryOutcome callback(Delivery delivery) {
    delivered.add(delivery);
    return receiver.apply(delivery);
  }

  @Override
  public void send(Requeue job, Duration timeout) {
    requireUp();
    if (refused.test(job.job())) {
      throw new QueueUnavailableException("the queue refused it", new IllegalStateException());
    }
    sent.add(new Sent(job.job(), job.queue(), job.delay(), timeout));
  }

  @Override
  public List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    batches.add(jobs.size());
    return jobs.stream().map(job -> trySend(job, timeout)).toList();
  }

  private Optional<QueueUnavailableException> trySend(Requeue job, Duration timeout) {
    try {
      send(job, timeout);
      return Optional.empty();
    } catch (QueueUnavailableException e) {
      return Optional.of(e);
    }
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    requireUp();
    dead.add(new Dead(job, reason));
  }

  @Override
  public void deadLetter(ReceivedMessage message, String error, Duration timeout) {
    requireUp();
    deadMessages.add(new DeadMessage(message.body(), error));
  }

  private void requireUp() {
    if (queueIsDown) {
      throw new QueueUnavailableException("the queue is down", new IllegalStateException());
    }
  }
}
