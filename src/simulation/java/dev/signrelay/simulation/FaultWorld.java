package dev.signrelay.simulation;

import static java.util.Locale.ROOT;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.JobQueue;
import dev.signrelay.limit.SimulatedTable;
import dev.signrelay.simulation.InvariantChecker.Violation;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Both functions in an environment in which every dependency fails. The seed determines the whole
 * run.
 */
final class FaultWorld {

  /**
   * The outcome of a run.
   *
   * @param faults the kinds that occurred
   * @param crashes where processes died
   * @param deadLetters the reasons of the dead letters
   * @param trace empty unless requested
   */
  record Run(
      List<Violation> violations,
      Set<Fault> faults,
      Set<CrashPoint> crashes,
      Set<Kind> deadLetters,
      List<String> trace) {}

  /** The prefix of messages that the upstream rejects. */
  static final String REJECTED = "rejected";

  /** How long SQS keeps a message: the template's {@code MessageRetentionPeriod}. */
  private static final Duration RETENTION = Duration.ofDays(14);

  private static final double WITH_RETRY_AFTER = 0.2;
  private static final int MAX_RETRY_AFTER_SECONDS = 2_000;

  final VirtualTime time = new VirtualTime(World.START);
  final SeededRandom random;
  final Scenario scenario;
  final Faults faults;
  final Trace trace;
  final SimulatedQueues queues;
  final SimulatedLine line;
  final SimulatedUpstream upstream;
  final SimulatedReceiver receiver;
  final SimulatedTable table;
  final InvariantChecker invariants;
  final Mutation mutation;
  final Set<CrashPoint> crashes = EnumSet.noneOf(CrashPoint.class);

  private long ids;

  private FaultWorld(long seed, Mutation mutation, boolean traced) {
    this.mutation = mutation;
    random = new SeededRandom(seed);
    trace = new Trace(time, traced);
    scenario = Scenario.drawn(random);
    faults = Faults.drawn(random);
    queues = new SimulatedQueues(time, random, faults);
    line = new SimulatedLine(queues, line(), time);
    upstream =
        new SimulatedUpstream(
            time,
            random,
            scenario.config().upstream().callsPerMinute(),
            new Outage(_ -> random.getAsDouble() < scenario.signingFails(), Instant.MAX));
    receiver = new SimulatedReceiver(time, random);
    table = new SimulatedTable(time);
    invariants = new InvariantChecker(this);
  }

  /** Runs a seed. */
  static Run run(long seed, Mutation mutation) {
    return new FaultWorld(seed, mutation, false).run();
  }

  /** Runs a seed and keeps its trace. */
  static Run trace(long seed, Mutation mutation) {
    return new FaultWorld(seed, mutation, true).run();
  }

  private Run run() {
    trace.add("world", "%s", scenario);
    trace.add("world", "%s", faults);
    connect(JobQueue.RETRY);
    connect(JobQueue.CALLBACK);
    var _ = new FaultyDispatchFunction(this);
    var clients = new FaultyClients(this);
    clients.start();
    boolean ended = time.run(World.START.plus(RETENTION));
    new FinalChecks(this, clients.accepted()).check(ended);
    Set<Kind> reasons =
        queues.deadLetters().stream()
            .map(letter -> letter.reason().kind())
            .collect(Collectors.toSet());
    return new Run(invariants.violations(), faults.occurred(), crashes, reasons, trace.lines());
  }

  private void connect(JobQueue queue) {
    SimulatedEventSource.connect(
        time,
        queues.of(queue),
        IntStream.range(0, scenario.processes())
            .mapToObj(i -> new FaultyRetryFunction(queue.name().toLowerCase(ROOT) + "-" + i, this))
            .toList());
  }

  SimulatedQueue line() {
    return queues.of(JobQueue.LINE);
  }

  String id() {
    return "id-" + ids++;
  }

  /** The {@code Retry-After} of the next reply; null: it has none. */
  @Nullable Duration retryAfter() {
    return random.getAsDouble() < WITH_RETRY_AFTER
        ? Duration.ofSeconds(random.below(MAX_RETRY_AFTER_SECONDS))
        : null;
  }
}
