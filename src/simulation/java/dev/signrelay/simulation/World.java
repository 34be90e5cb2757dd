package dev.signrelay.simulation;

import dev.signrelay.DispatchHandler;
import dev.signrelay.RetryHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Config;
import dev.signrelay.app.Services;
import dev.signrelay.aws.ClientPrimer;
import dev.signrelay.job.JobQueue;
import dev.signrelay.limit.SimulatedTable;
import dev.signrelay.limit.SimulatedTable.Transit;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.secret.Secret;
import dev.signrelay.simulation.SimulatedEventSource.RetryProcess;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeJobTable;
import dev.signrelay.testing.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All functions with the template's defaults and all their dependencies, without faults. Each
 * process of a function has its own handler and its own limiter.
 */
final class World {

  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  static final Duration TICK = Duration.ofMinutes(1);

  /** Old processes of RetryFunction live so long after a deployment. */
  private static final Duration SIDE_BY_SIDE = Duration.ofMinutes(2);

  final VirtualTime time = new VirtualTime(START);
  final SimulatedQueues queues;
  final SimulatedUpstream upstream;
  final SimulatedReceiver receiver;
  final SimulatedTable table = new SimulatedTable(time);
  final Clients clients;

  /** The log events of level {@code ERROR}. */
  final List<LogEvent> errors = new ArrayList<>();

  private final Map<String, String> settings;
  private final SeededRandom random;
  final SimulatedLine line;
  private final List<Instant> deployments = new ArrayList<>();
  private Config config;

  /** How long all runs of DispatchFunction took together. */
  Duration dispatchTime = Duration.ZERO;

  /** The requests of all runs of DispatchFunction to the rate limiter's table. */
  long lineTableRequests;

  private Duration maxLateTick = Duration.ofSeconds(1);
  private Duration slowestSource = Duration.ofMillis(100);
  private long ids;

  /**
   * @param calls the limit: upstream calls in any 60 s
   */
  World(long seed, int calls, Outage outage) {
    this(seed, calls, outage, Map.of());
  }

  /**
   * @param settings besides the limit and those that depend on it
   */
  World(long seed, int calls, Outage outage, Map<String, String> settings) {
    this.settings = settings;
    random = new SeededRandom(seed);
    config = config(calls);
    queues = new SimulatedQueues(time, random, Faults.NONE);
    line = new SimulatedLine(queues, queues.of(JobQueue.LINE), time, random);
    upstream = new SimulatedUpstream(time, random, calls, outage);
    receiver = new SimulatedReceiver(time, random);
    clients = new Clients(time, this::signFunction);
    for (JobQueue queue : List.of(JobQueue.RETRY, JobQueue.CALLBACK)) {
      SimulatedEventSource.connect(
          time,
          queues.of(queue),
          Stream.generate(this::retryProcess).limit(retryProcesses(calls)).toList(),
          () -> random.between(Duration.ZERO, slowestSource),
          () -> true);
    }
    tickAt(START.plus(random.between(Duration.ZERO, TICK)));
  }

  private Config config(int calls) {
    var all = new HashMap<>(settings);
    all.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", Integer.toString(calls));
    all.put("RETRY_GIVE_UP_AFTER_SECONDS", "0");
    all.put("CALLBACK_GIVE_UP_AFTER_SECONDS", "0");
    return TestEnvironment.config(all);
  }

  /** How many batches of a queue RetryFunction handles at once. */
  static int retryProcesses(int calls) {
    int together = Math.min(Math.ceilDiv(calls, 10), 1_000);
    return Math.max(2, Math.max(together, Math.min(Math.ceilDiv(calls, 4), 20)));
  }

  /** Sets by how much the runs of DispatchFunction can be late: the schedule, and cold starts. */
  World withLateTicks(Duration most) {
    maxLateTick = most;
    return this;
  }

  /** Sets how long messages of the retry and callback queues take from visible to function. */
  World withSlowSources(Duration most) {
    slowestSource = most;
    return this;
  }

  /**
   * Plans a deployment with another limit. For some minutes, old and new processes run side by
   * side.
   */
  void deploy(Instant at, int calls) {
    time.at(
        at,
        () -> {
          config = config(calls);
          upstream.limitTo(calls);
          clients.replaceIdle();
          deployments.add(at);
        });
  }

  private LambdaFunction signFunction() {
    return new LambdaFunction(
        "SignFunction", new SignHandler(services()), Duration.ofSeconds(5), time);
  }

  private LambdaFunction retryFunction() {
    return new LambdaFunction(
        "RetryFunction", new RetryHandler(services()), Duration.ofSeconds(20), time);
  }

  private RetryProcess retryProcess() {
    return new RetryProcess() {
      private LambdaFunction function = retryFunction();
      private int replaced;
      private final Duration lives = random.between(Duration.ZERO, SIDE_BY_SIDE);

      @Override
      public Optional<java.util.Set<String>> invoke(List<SimulatedQueue.Message> batch) {
        if (replaced < deployments.size()
            && !time.instant().isBefore(deployments.get(replaced).plus(lives))) {
          replaced++;
          function = retryFunction();
        }
        return Optional.of(SimulatedEventSource.invoke(function, batch));
      }
    };
  }

  private void tickAt(Instant tick) {
    time.start(tick.plus(random.between(Duration.ZERO, maxLateTick)), this::dispatch);
    time.at(
        tick.plusMillis(1),
        () -> {
          if (clients.areWaiting() || queues.stored() > 0) {
            tickAt(tick.plus(TICK));
          }
        });
  }

  private void dispatch() {
    Instant start = time.instant();
    var _ =
        new LambdaFunction(
                "DispatchFunction",
                new DispatchHandler(services(() -> lineTableRequests++)),
                Duration.ofSeconds(180),
                time)
            .invoke("{}");
    dispatchTime = dispatchTime.plus(Duration.between(start, time.instant()));
  }

  private Services services() {
    return services(() -> {});
  }

  private Services services(Runnable beforeTableRequest) {
    return new Services(
        config,
        Secret.fixed(ClientKeys.NONE),
        upstream,
        receiver,
        table.limiter(
            config.upstream().callsPerMinute(),
            time,
            this::id,
            Transit.around(
                () -> {
                  beforeTableRequest.run();
                  transit();
                },
                this::transit)),
        queues,
        line,
        FakeJobTable.none(),
        new ClientPrimer(() -> {}),
        new Services.Platform(time, random, this::id, this::log, () -> {}));
  }

  private void transit() {
    time.sleep(random.between(Duration.ofMillis(1), Duration.ofMillis(8)));
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
