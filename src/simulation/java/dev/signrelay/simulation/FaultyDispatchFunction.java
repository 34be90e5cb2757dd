package dev.signrelay.simulation;

import dev.signrelay.DispatchHandler;
import dev.signrelay.local.LambdaFunction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;

/**
 * DispatchFunction and its schedule: a run each minute while there are jobs in line, and one more.
 * Further runs would note that there is no line.
 */
final class FaultyDispatchFunction {

  private static final Duration TIMEOUT = Duration.ofSeconds(600);
  private static final Duration TICK = Duration.ofMinutes(1);
  private static final Duration MAX_LATE = Duration.ofSeconds(55);

  private final World world;
  private final boolean runsIdle;
  private final Instant first;
  private final Deque<SimulatedProcess> idle = new ArrayDeque<>();
  private boolean scheduled;
  private int started;

  /**
   * @param runsIdle whether it runs until nothing is left to be done, also while there is no line
   */
  FaultyDispatchFunction(World world, boolean runsIdle) {
    this.world = world;
    this.runsIdle = runsIdle;
    this.first = World.START.plus(world.random.between(Duration.ZERO, TICK));
  }

  /** Plans the next run, unless it is planned already. */
  void schedule() {
    if (!scheduled) {
      scheduled = true;
      Duration since = Duration.between(first, world.time.instant());
      long minutes = since.isNegative() ? 0 : since.dividedBy(TICK) + 1;
      world.time.at(first.plus(TICK.multipliedBy(minutes)), this::tick);
    }
  }

  private void tick() {
    scheduled = false;
    if (world.line().stored() > 0 || runsIdle && world.isBusy()) {
      schedule();
    }
    if (world.incidents.strike(Incident.TICKS_STOPPED) || world.faults.occurs(Fault.TICK_LOST)) {
      world.trace.add("schedule", "TICK_LOST");
      return;
    }
    Duration lateBy = lateness();
    if (world.faults.occurs(Fault.TICK_LATE)) {
      lateBy = world.random.between(Duration.ZERO, MAX_LATE);
      world.faults.last(world.time.instant().plus(lateBy));
    }
    run(lateBy);
    if (world.faults.occurs(Fault.TICK_DOUBLED)) {
      run(world.random.between(Duration.ZERO, MAX_LATE));
    }
  }

  private Duration lateness() {
    return world.latestTick.isZero()
        ? Duration.ZERO
        : world.random.between(Duration.ZERO, world.latestTick);
  }

  private void run(Duration late) {
    world.time.start(world.time.instant().plus(late), this::dispatch);
  }

  private void dispatch() {
    SimulatedProcess process =
        idle.isEmpty() ? new SimulatedProcess("dispatch-" + started++, world) : idle.pop().next();
    process.begin(TIMEOUT);
    var invocation = new Invocation(world, process, new ArrayList<>());
    var handler = new DispatchHandler(invocation.services());
    try {
      int megabytes = world.processor.megabytes();
      var _ =
          new LambdaFunction("DispatchFunction", handler, TIMEOUT, megabytes, process).invoke("{}");
    } catch (Crash _) {
      world.trace.add(process.name(), "has no report");
    } catch (RuntimeException e) {
      // The threads of a dead process end with a crash, which fails the run.
      if (!process.isDead()) {
        throw e;
      }
      world.trace.add(process.name(), "has no report");
    }
    invocation.end();
    for (Progress job : invocation.jobs) {
      String message = job.messageId;
      if (message != null && (invocation.isStruck() || job.affected)) {
        world.invariants.affect(message);
      }
    }
    world.invariants.ends(invocation);
    if (!process.isDead()) {
      idle.push(process);
    }
  }
}
