package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.limit.SimulatedTable;
import dev.signrelay.simulation.InvariantChecker.Broken;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Both functions in a world in which everything around them fails now and then. All that happens
 * follows from the seed.
 */
final class FaultWorld {

  /**
   * @param struck the faults that there were
   * @param deaths when processes died
   * @param givenUp the reasons for which jobs were given up
   * @param trace empty unless it was asked for
   */
  record Run(
      List<Broken> broken,
      Set<Fault> struck,
      Set<CrashPoint> deaths,
      Set<Kind> givenUp,
      List<String> trace) {}

  /** What the messages begin with that the upstream never signs. */
  static final String REJECTED = "rejected";

  /** After that, SQS forgets a message: the template's {@code MessageRetentionPeriod}. */
  private static final Duration RETENTION = Duration.ofDays(4);

  private static final double ASKS_TO_WAIT = 0.2;
  private static final int LONGEST_ASKED = 2_000;

  final VirtualTime time = new VirtualTime(World.START);
  final SeededRandom random;
  final Scenario scenario;
  final Faults faults;
  final Trace trace;
  final SimulatedQueue queue;
  final SimulatedUpstream upstream;
  final SimulatedReceiver receiver;
  final SimulatedTable table;
  final InvariantChecker invariants;
  final Mutation mutation;
  final Set<CrashPoint> deaths = EnumSet.noneOf(CrashPoint.class);

  private long ids;

  private FaultWorld(long seed, Mutation mutation, boolean traced) {
    this.mutation = mutation;
    random = new SeededRandom(seed);
    trace = new Trace(time, traced);
    scenario = Scenario.drawn(random);
    faults = Faults.drawn(random);
    queue = new SimulatedQueue(time, random, faults);
    upstream =
        new SimulatedUpstream(
            time,
            random,
            scenario.config().upstream().callsPerMinute(),
            new Outage(_ -> random.getAsDouble() < scenario.signingFails(), Instant.MAX));
    receiver = new SimulatedReceiver(time, random);
    table = new SimulatedTable(() -> {}, time);
    invariants = new InvariantChecker(this);
  }

  /** The run of a seed. */
  static Run run(long seed, Mutation mutation) {
    return new FaultWorld(seed, mutation, false).run();
  }

  /** The same run, told. */
  static Run trace(long seed, Mutation mutation) {
    return new FaultWorld(seed, mutation, true).run();
  }

  private Run run() {
    trace.say("world", "%s", scenario);
    trace.say("world", "%s", faults);
    SimulatedEventSource.connect(
        time,
        queue,
        Stream.iterate(0, i -> i + 1)
            .limit(scenario.processes())
            .map(i -> new FaultyRetryFunction("retry-" + i, this))
            .toList());
    var callers = new Callers(this);
    callers.call();
    boolean ended = time.run(World.START.plus(RETENTION));
    new FinalChecks(this, callers.accepted()).reach(ended);
    Set<Kind> givenUp =
        queue.dead().stream().map(dead -> dead.reason().kind()).collect(Collectors.toSet());
    return new Run(invariants.broken(), faults.struck(), deaths, givenUp, trace.lines());
  }

  String id() {
    return "id-" + ids++;
  }

  /** What an answer asks for, if it does. */
  @Nullable Duration retryAfter() {
    return random.getAsDouble() < ASKS_TO_WAIT
        ? Duration.ofSeconds(random.below(LONGEST_ASKED))
        : null;
  }
}
