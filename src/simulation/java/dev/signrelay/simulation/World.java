package dev.signrelay.simulation;

import dev.signrelay.app.Config;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.JobQueue;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.limit.SimulatedTable;
import dev.signrelay.simulation.FaultyReceiver.Delivery;
import dev.signrelay.simulation.InvariantChecker.Violation;
import dev.signrelay.simulation.SimulatedUpstream.Outage;
import dev.signrelay.testing.FakeDynamoDb;
import dev.signrelay.testing.FakeJobTable;
import dev.signrelay.testing.Processor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All three functions and everything around them. The seed determines the whole run. In a drawn
 * world every dependency fails; in a measured one nothing does.
 */
final class World {

  /**
   * The outcome of a run.
   *
   * @param incidents the kinds that had an effect
   * @param actions what the operator did
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

  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  /** The prefix of messages that the upstream rejects. */
  static final String REJECTED = "rejected";

  /** Less than SQS keeps a message. */
  private static final Duration LONGEST = Duration.ofDays(4);

  private static final int MAX_RETRY_AFTER_SECONDS = 2_000;

  final VirtualTime time;
  final SeededRandom random;
  final Plan plan;
  final Scenario scenario;
  final Faults faults;
  final Incidents incidents;
  final Releases releases;
  final Mutation mutation;
  final Trace trace;
  final SimulatedQueues queues;
  final SimulatedLine line;
  final SimulatedUpstream upstream;
  final SimulatedTable table;
  final FakeDynamoDb jobItems = new FakeDynamoDb();
  final List<Delivery> deliveries = new ArrayList<>();
  final InvariantChecker invariants;
  final Operator operator;
  final LiveChecker live;
  final LimitChecker limits;
  final ShareChecker share;
  final ExpiryChecker expiry;
  final RecordChecker records;
  final IdempotencyChecker idempotency;
  final CallChecker calls;
  final Clients clients;
  final Set<CrashPoint> crashes = EnumSet.noneOf(CrashPoint.class);

  /** The requests of DispatchFunction to DynamoDB. */
  long dispatchTableRequests;

  /** The longest time of a message of the retry or callback queue from visible to function. */
  Duration slowestSource;

  /** How late runs of DispatchFunction are at most. */
  Duration latestTick = Duration.ZERO;

  /** That of each process; at first what the largest limit needs. */
  Processor processor = Processor.ofTemplate();

  /** Whether failure notices hang until their timeout. */
  boolean noticesHang;

  private long ids;

  private World(VirtualTime time, SeededRandom random, Plan plan, Mutation mutation, Trace trace) {
    this.time = time;
    this.random = random;
    this.plan = plan;
    this.slowestSource = plan.slowestSource();
    this.mutation = mutation;
    this.trace = trace;
    scenario = plan.scenario();
    faults = plan.faults();
    incidents = plan.incidents();
    releases = plan.releases();
    queues = new SimulatedQueues(time, random, faults);
    line = new SimulatedLine(line(), time, random);
    line.returnsParts = plan.partialReceives();
    int limit = releases.change() ? 0 : releases.all().getFirst().calls();
    upstream = new SimulatedUpstream(time, random, limit, plan.outage());
    upstream.onCall = this::calls;
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
    clients = new Clients(this);
    trace.add("world", "%s", scenario);
    trace.add("world", "%s", faults);
    trace.add("world", "%s; %s", releases, incidents);
    start(plan.runsIdle());
  }

  private void start(boolean runsIdle) {
    var sources = List.of(connect(JobQueue.RETRY), connect(JobQueue.CALLBACK));
    var dispatcher = new FaultyDispatchFunction(this, runsIdle);
    if (runsIdle) {
      dispatcher.schedule();
    }
    line().onStored = change -> lineChanges(change, dispatcher);
    queues.of(JobQueue.RETRY).onReadyChanged = live::waits;
    faults.onFault = live::struck;
    incidents.plan(live::struck, () -> sources.forEach(SimulatedEventSource::invoke));
  }

  private SimulatedEventSource connect(JobQueue queue) {
    int processes =
        scenario.furtherProcesses()
            + releases.all().stream()
                .mapToInt(release -> retryProcesses(release.calls()))
                .max()
                .orElseThrow();
    List<FaultyRetryFunction> functions =
        IntStream.range(0, processes)
            .mapToObj(i -> new FaultyRetryFunction(queue, i, this))
            .toList();
    return new SimulatedEventSource(this, queues.of(queue), functions);
  }

  private void calls() {
    live.calls();
    operator.calls();
  }

  /** How many batches of a queue RetryFunction handles at once. */
  private static int retryProcesses(int calls) {
    int together = Math.min(Math.ceilDiv(calls, 10), 1_000);
    return Math.max(2, Math.max(together, Math.min(Math.ceilDiv(calls, 4), 20)));
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

  /** Runs the world of a seed. */
  static Run run(long seed, Mutation mutation) {
    return run(seed, mutation, false);
  }

  /** Runs the world of a seed and keeps its trace. */
  static Run trace(long seed, Mutation mutation) {
    return run(seed, mutation, true);
  }

  private static Run run(long seed, Mutation mutation, boolean traced) {
    var time = new VirtualTime(START);
    var random = new SeededRandom(seed);
    Plan plan = Plan.drawn(seed, random, time);
    var world = new World(time, random, plan, mutation, new Trace(time, traced));
    if (!plan.faultless()) {
      world.operator.plan();
    }
    new RequestPlan(world).send();
    return world.run();
  }

  /**
   * A world without faults, and without requests so far.
   *
   * @param calls the limit: upstream calls in any 60 s
   */
  static World measured(long seed, int calls, Outage outage) {
    return measured(seed, calls, outage, Map.of());
  }

  /** The same, with settings besides the limit. */
  static World measured(long seed, int calls, Outage outage, Map<String, String> settings) {
    Scenario scenario = Scenario.with(settings);
    return measured(seed, scenario, Releases.of(scenario, calls), outage);
  }

  /** A world without faults in which a release with another limit is deployed. */
  static World deploying(long seed, int calls, Instant at, int newCalls) {
    Scenario scenario = Scenario.with(Map.of());
    return measured(seed, scenario, Releases.of(scenario, calls, at, newCalls), Outage.NONE);
  }

  private static World measured(long seed, Scenario scenario, Releases releases, Outage outage) {
    var time = new VirtualTime(START);
    Plan plan = Plan.measured(time, scenario, releases, outage);
    return new World(time, new SeededRandom(seed), plan, Mutation.NONE, new Trace(time, false));
  }

  /** Runs until nothing is left to be done, and checks all invariants. */
  Run run() {
    boolean ended = time.run(START.plus(LONGEST));
    new FinalChecks(this).check(ended);
    return new Run(
        invariants.violations,
        faults.occurred,
        incidents.occurred,
        operator.actions,
        crashes,
        queues.reasons,
        trace.lines);
  }

  /** Whether there are requests without an answer, or jobs. */
  boolean isBusy() {
    return clients.areWaiting() || queues.all().stream().anyMatch(queue -> queue.stored() > 0);
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
    return random.getAsDouble() < plan.retryAfter()
        ? Duration.ofSeconds(random.below(MAX_RETRY_AFTER_SECONDS))
        : null;
  }
}
