package dev.signrelay.simulation;

import dev.signrelay.limit.SimulatedTable;
import dev.signrelay.retry.DeadLetterReason.Kind;
import dev.signrelay.simulation.Judge.Broken;
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
      Set<Moment> deaths,
      Set<Kind> givenUp,
      List<String> trace) {}

  /** What the messages begin with that the upstream never signs. */
  static final String REJECTED = "rejected";

  /** After that, SQS forgets a message: the template's {@code MessageRetentionPeriod}. */
  private static final Duration RETENTION = Duration.ofDays(4);

  private static final double ASKS_TO_WAIT = 0.2;
  private static final int LONGEST_ASKED = 2_000;

  final VirtualTime time = new VirtualTime(World.START);
  final Chance chance;
  final Scenario scenario;
  final Faults faults;
  final Trace trace;
  final SimulatedQueue queue;
  final SimulatedUpstream upstream;
  final SimulatedReceiver receiver;
  final SimulatedTable table;
  final Judge judge;
  final Mutation mutation;
  final Set<Moment> deaths = EnumSet.noneOf(Moment.class);

  private long ids;

  private FaultWorld(long seed, Mutation mutation, boolean traced) {
    this.mutation = mutation;
    chance = new Chance(seed);
    trace = new Trace(time, traced);
    scenario = Scenario.drawn(chance);
    faults = Faults.drawn(chance);
    queue = new SimulatedQueue(time, chance, faults);
    upstream =
        new SimulatedUpstream(
            time,
            chance,
            scenario.config().callsPerMinute(),
            new Outage(_ -> chance.getAsDouble() < scenario.signingFails(), Instant.MAX));
    receiver = new SimulatedReceiver(time, chance);
    table = new SimulatedTable(() -> {}, time);
    judge = new Judge(this);
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
    new Verdict(this, callers.accepted()).reach(ended);
    Set<Kind> givenUp =
        queue.dead().stream().map(dead -> dead.reason().kind()).collect(Collectors.toSet());
    return new Run(judge.broken(), faults.struck(), deaths, givenUp, trace.lines());
  }

  String id() {
    return "id-" + ids++;
  }

  /** What an answer asks for, if it does. */
  @Nullable Duration retryAfter() {
    return chance.getAsDouble() < ASKS_TO_WAIT
        ? Duration.ofSeconds(chance.below(LONGEST_ASKED))
        : null;
  }
}
