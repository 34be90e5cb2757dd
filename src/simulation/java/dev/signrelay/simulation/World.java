package dev.signrelay.simulation;

import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.aws.ClientPrimer;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.simulation.SimulatedEventSource.RetryProcess;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Both functions with the template's defaults and all their dependencies, without faults. Each
 * process of a function has its own handler and its own limiter. For a limit above 50, there are as
 * many RetryFunctions as the documentation recommends.
 */
final class World {

  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private static final int RETRY_CONCURRENCY = 5;
  private static final int CALLS_PER_RETRY_FUNCTION = 10;

  final VirtualTime time = new VirtualTime(START);
  final SimulatedQueue queue;
  final SimulatedUpstream upstream;
  final SimulatedReceiver receiver;
  final SharedLimit limit;
  final Clients clients;

  /** The log events of level {@code ERROR}. */
  final List<LogEvent> errors = new ArrayList<>();

  private final SeededRandom random;
  private final Config config;
  private long ids;

  /**
   * @param calls the limit: upstream calls in any 60 s
   */
  World(long seed, int calls, SharedLimit.Kind limiter, Outage outage) {
    random = new SeededRandom(seed);
    config =
        TestEnvironment.config(
            Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", Integer.toString(calls)));
    queue = new SimulatedQueue(time, random, Faults.NONE);
    upstream = new SimulatedUpstream(time, random, calls, outage);
    receiver = new SimulatedReceiver(time, random);
    limit = limiter.of(calls, time, random);
    clients = new Clients(time, this::signFunction);
    int concurrency = Math.max(RETRY_CONCURRENCY, calls / CALLS_PER_RETRY_FUNCTION);
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
    return batch -> Optional.of(SimulatedEventSource.invoke(function, batch));
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

  private void log(LogEvent event) {
    if (event.level() == LogEvent.Level.ERROR) {
      errors.add(event);
    }
  }
}
