package dev.signrelay.simulation;

import dev.signrelay.app.Config;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.JobQueue;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.limit.SimulatedTable;
import dev.signrelay.simulation.InvariantChecker.Violation;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import dev.signrelay.testing.FakeDynamoDb;
import dev.signrelay.testing.FakeJobTable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All three functions in an environment in which every dependency fails. The seed determines the
 * whole run.
 */
final class FaultWorld {

  /**
   * The outcome of a run.
   *
   * @param faults the kinds that occurred
   * @param incidents the kinds that had an effect
   * @param actions what the operator did
   * @param crashes where processes died
   * @param deadLetters the reasons of the dead letters
   * @param trace empty unless requested
   */
  record Run(
      List<Violation> violations,
      Set<Fault> faults,
      Set<Incident> incidents,
      Set<String> actions,
      Set<CrashPoint> crashes,
      Set<Kind> deadLetters,
      List<String> trace) {}

  /** The prefix of messages that the upstream rejects. */
  static final String REJECTED = "rejected";

  /** Less than SQS keeps a message. */
  private static final Duration LONGEST = Duration.ofDays(4);

  /** With a batch window (Lambda developer guide). */
  private static final Duration SLOWEST_SOURCE = Duration.ofSeconds(20);

  private static final double FAULTLESS = 0.1;
  private static final double CHANGES_LIMIT = 0.15;
  private static final double PARTIAL_RECEIVES = 0.2;
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
  final FakeDynamoDb jobItems = new FakeDynamoDb();
  final InvariantChecker invariants;
  final Mutation mutation;
  final Incidents incidents;
  final Releases releases;
  final Operator operator;
  final LiveChecker live;
  final LimitChecker limits;
  final ShareChecker share;
  final ExpiryChecker expiry;
  final RecordChecker records;
  final IdempotencyChecker idempotency;
  final CallChecker calls;
  final Set<CrashPoint> crashes = EnumSet.noneOf(CrashPoint.class);

  private final boolean faultless;
  private final Duration slowestSource;
  private long ids;

  private FaultWorld(long seed, Mutation mutation, boolean traced) {
    this.mutation = mutation;
    random = new SeededRandom(seed);
    trace = new Trace(time, traced);
    scenario = Scenario.drawn(random, new SeededRandom(~seed));
    faultless = random.getAsDouble() < FAULTLESS;
    slowestSource = random.oneOf(Duration.ofMillis(100), Duration.ofSeconds(1), SLOWEST_SOURCE);
    faults = Faults.drawn(random, faultless);
    incidents = Incidents.drawn(time, random, faultless);
    releases = Releases.drawn(random, scenario, !faultless && random.getAsDouble() < CHANGES_LIMIT);
    queues = new SimulatedQueues(time, random, faults);
    line = new SimulatedLine(queues, line(), time, random);
    if (!faultless && random.getAsDouble() < PARTIAL_RECEIVES) {
      line.partialReceives();
    }
    upstream =
        new SimulatedUpstream(
            time,
            random,
            releases.change() ? 0 : releases.all().getFirst().calls(),
            new Outage(_ -> random.getAsDouble() < scenario.signingFails(), Instant.MAX));
    receiver = new SimulatedReceiver(time, random);
    table = new SimulatedTable(time);
    invariants = new InvariantChecker(this);
    live = new LiveChecker(this);
    limits = new LimitChecker(this);
    share = new ShareChecker(this);
    expiry = new ExpiryChecker(this);
    records = new RecordChecker(this);
    idempotency = new IdempotencyChecker(this);
    calls = new CallChecker(this);
    operator = new Operator(this);
    upstream.onCall(
        () -> {
          live.calls();
          operator.calls();
        });
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
    trace.add("world", "%s; %s", releases, incidents);
    var sources = List.of(connect(JobQueue.RETRY), connect(JobQueue.CALLBACK));
    var dispatcher = new FaultyDispatchFunction(this);
    line().onStored(change -> lineChanges(change, dispatcher));
    queues.of(JobQueue.RETRY).onReadyChanged(live::waits);
    faults.onFault(live::struck);
    incidents.plan(live::struck, () -> sources.forEach(SimulatedEventSource::invoke));
    if (!faultless) {
      operator.plan();
    }
    var clients = new FaultyClients(this);
    clients.start();
    boolean ended = time.run(World.START.plus(LONGEST));
    new FinalChecks(this, clients.accepted()).check(ended);
    return new Run(
        invariants.violations(),
        faults.occurred(),
        incidents.occurred(),
        operator.actions(),
        crashes,
        queues.reasons(),
        trace.lines());
  }

  private SimulatedEventSource connect(JobQueue queue) {
    int processes =
        scenario.furtherProcesses()
            + releases.all().stream()
                .mapToInt(release -> World.retryProcesses(release.calls()))
                .max()
                .orElseThrow();
    return SimulatedEventSource.connect(
        time,
        queues.of(queue),
        IntStream.range(0, processes)
            .mapToObj(i -> new FaultyRetryFunction(queue, i, this))
            .toList(),
        () -> random.between(Duration.ZERO, slowestSource),
        () -> !incidents.strike(Incident.RECEIVES_DOWN, Incident.QUEUES_DOWN));
  }

  private void lineChanges(int change, FaultyDispatchFunction dispatcher) {
    live.waits(change);
    if (line().stored() == change) {
      share.begins();
      dispatcher.schedule();
    } else if (line().stored() == 0) {
      share.ends();
    }
  }

  boolean isFaultless() {
    return faultless;
  }

  SimulatedQueue line() {
    return queues.of(JobQueue.LINE);
  }

  JobTable.Rules jobRules() {
    Config.Records records = scenario.config().records();
    return new JobTable.Rules(records.keep(), records.reuseSignatures(), 0);
  }

  /** The table of jobs as it is, by a clock. */
  JobTable jobTable(InstantSource clock) {
    return FakeJobTable.in(jobItems, jobRules(), clock);
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
