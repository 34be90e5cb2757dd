package dev.signrelay.simulation;

import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.aws.ClientPrimer;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.simulation.SimulatedEventSource.RetryProcess;
import dev.signrelay.simulation.SimulatedQueue.Message;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Both functions as they are deployed with the template's defaults, and everything around them; for
 * a limit above 50, with as many RetryFunctions as the README says. Each process of a function has
 * its own handler and its own limiter, and remembers on its own.
 */
final class World {

  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private static final int RETRY_CONCURRENCY = 5;
  private static final int CALLS_FOR_EACH_FURTHER = 10;

  final VirtualTime time = new VirtualTime(START);
  final SimulatedQueue queue;
  final SimulatedUpstream upstream;
  final SimulatedReceiver receiver;
  final SharedLimit limit;
  final Clients clients;

  /** What the log said that an operator should see. */
  final List<LogEvent> errors = new ArrayList<>();

  private final SeededRandom random;
  private final Config config;
  private long ids;

  /**
   * @param calls that the upstream takes in 60 s
   */
  World(long seed, int calls, SharedLimit.Kind limiter, Outage outage) {
    random = new SeededRandom(seed);
    config = Config.from(environment(calls)::get);
    queue = new SimulatedQueue(time, random, Faults.NONE);
    upstream = new SimulatedUpstream(time, random, calls, outage);
    receiver = new SimulatedReceiver(time, random);
    limit = limiter.of(calls, time, random);
    clients = new Clients(time, this::signFunction);
    int concurrency = Math.max(RETRY_CONCURRENCY, calls / CALLS_FOR_EACH_FURTHER);
    SimulatedEventSource.connect(
        time, queue, Stream.generate(this::retryFunction).limit(concurrency).toList());
  }

  private LambdaFunction signFunction() {
    return new LambdaFunction(
        "SignFunction", new SignHandler(services()), Duration.ofSeconds(5), time);
  }

  private RetryProcess retryFunction() {
    var function =
        new LambdaFunction(
            "RetryFunction", new RetryHandler(services()), Duration.ofSeconds(30), time);
    return new RetryProcess() {
      @Override
      public List<Message> together(List<Message> batch) {
        return batch.stream().filter(World.this::waitsOn).toList();
      }

      @Override
      public boolean finishes(List<Message> messages) {
        return SimulatedEventSource.finishes(function, messages);
      }

      @Override
      public boolean finishes(Message message) {
        return finishes(List.of(message));
      }
    };
  }

  private boolean waitsOn(Message message) {
    return config
        .retryPolicy()
        .waitUntilDue(JobCodec.decode(message.body()), time.instant())
        .isPresent();
  }

  private Services services() {
    return new Services(
        config,
        upstream,
        receiver,
        limit.limiter(this::id),
        queue,
        new ClientPrimer(() -> {}),
        time,
        random,
        this::id,
        this::log);
  }

  private String id() {
    return "id-" + ids++;
  }

  private void log(LogEvent line) {
    if (line.level() == LogEvent.Level.ERROR) {
      errors.add(line);
    }
  }

  private static Map<String, String> environment(int calls) {
    var environment =
        new HashMap<>(
            Map.of(
                "CRYPTO_CLIENT_BASE_URL", "https://upstream.example",
                "CRYPTO_CLIENT_API_KEY", "the-key",
                "RETRY_QUEUE_URL", "https://sqs.example/1/retry",
                "DEAD_LETTER_QUEUE_URL", "https://sqs.example/1/dead",
                "RATE_LIMIT_TABLE", "limits"));
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", Integer.toString(calls));
    return environment;
  }
}
