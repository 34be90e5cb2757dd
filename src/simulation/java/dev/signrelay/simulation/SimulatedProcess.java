package dev.signrelay.simulation;

import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.SimulatedTable;
import dev.signrelay.time.DelayedTask;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process of a function. It has a clock and a rate limiter of its own, and can die between any
 * two of its effects.
 */
final class SimulatedProcess implements TimeSource {

  private static final Duration SKEW = Duration.ofMillis(500);
  private static final Duration LONGEST_FREEZE = Duration.ofSeconds(35);
  private static final Duration TABLE_TIMEOUT = Duration.ofMillis(700);

  private final String name;
  private final FaultWorld world;
  private final Duration skew;
  private final RateLimiter limiter;
  private Instant end = Instant.MAX;
  private boolean frozen;
  private boolean dead;

  SimulatedProcess(String name, FaultWorld world, SimulatedTable table) {
    this.name = name;
    this.world = world;
    this.skew = world.random.between(SKEW.negated(), SKEW);
    this.limiter =
        table.limiter(
            world.scenario.config().upstream().callsPerMinute(),
            this,
            world::id,
            this::tableRequest);
    world.trace.say(name, "starts, its clock %s ms off", skew.toMillis());
  }

  /** Begins an invocation, which Lambda ends after a while. */
  void begin(Duration timeout) {
    end = world.time.instant().plus(timeout);
    frozen = false;
  }

  /** To be called before and after each effect; does not return if the process is dead. */
  void step(CrashPoint moment) {
    if (!dead && world.faults.strike(Fault.FREEZE)) {
      frozen = true;
      Duration freeze = world.random.between(Duration.ZERO, LONGEST_FREEZE);
      world.trace.say(name, "FREEZE for %d ms", freeze.toMillis());
      world.time.sleep(freeze);
    }
    if (!dead && !world.time.instant().isBefore(end)) {
      die("TIMEOUT", moment);
    }
    if (!dead && world.faults.strike(Fault.CRASH)) {
      die("CRASH", moment);
    }
    if (dead) {
      throw new Crash();
    }
  }

  private void die(String how, CrashPoint moment) {
    dead = true;
    world.deaths.add(moment);
    world.trace.say(name, "%s %s", how, moment);
  }

  private void tableRequest() {
    step(CrashPoint.BESIDE_A_TABLE_REQUEST);
    world.time.sleep(world.random.between(Duration.ofMillis(1), Duration.ofMillis(8)));
    if (world.faults.strike(Fault.TABLE_FAILED)) {
      world.trace.say(name, "TABLE_FAILED");
      world.time.sleep(world.random.between(Duration.ZERO, TABLE_TIMEOUT));
      throw new IllegalStateException("the table does not answer");
    }
    step(CrashPoint.BESIDE_A_TABLE_REQUEST);
  }

  boolean isDead() {
    return dead;
  }

  /** Whether it stood still in this invocation. */
  boolean wasFrozen() {
    return frozen;
  }

  RateLimiter limiter() {
    return limiter;
  }

  String name() {
    return name;
  }

  @Override
  public Instant instant() {
    return world.time.instant().plus(skew);
  }

  /** Waits by its own clock. */
  @Override
  public boolean sleepUntil(Instant time) {
    world.time.sleepUntil(time.minus(skew));
    step(CrashPoint.WHILE_IT_WAITS_FOR_ITS_GRANT);
    return true;
  }

  @Override
  public <T> T callWithin(Duration limit, Callable<T> call)
      throws TimeoutException, ExecutionException {
    return world.time.callWithin(limit, call);
  }

  @Override
  public DelayedTask runAfter(Duration delay, Runnable task) {
    return world.time.runAfter(delay, task);
  }

  @Override
  public ExecutorService newExecutor() {
    return world.time.newExecutor();
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout) {
    return world.time.poll(queue, timeout);
  }
}
