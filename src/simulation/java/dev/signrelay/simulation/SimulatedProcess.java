package dev.signrelay.simulation;

import dev.signrelay.app.Config;
import dev.signrelay.limit.NoLimit;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.simulation.Releases.Release;
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
 * A process of a function, with its own clock and its own rate limiter. It can crash or freeze
 * between any two effects. While it is frozen, none of its threads has an effect.
 */
final class SimulatedProcess implements TimeSource {

  private static final Duration MAX_FREEZE = Duration.ofSeconds(35);

  /** A smaller step is not noticed in whole seconds. */
  private static final Duration MIN_STEP = Duration.ofSeconds(5);

  private static final Duration SOME_STEP = Duration.ofMinutes(2);
  private static final Duration MAX_STEP = Duration.ofHours(1);

  /** Lambda replaces each process after some hours. */
  private static final Duration LONGEST_LIFE = Duration.ofHours(6);

  private static final Duration WRONG_AT_MOST = Duration.ofMinutes(10);

  private final String name;
  private final World world;
  private final Release release;
  private final RateLimiter limiter;
  private Duration skew;
  private Duration step = Duration.ZERO;
  private Instant deadline = Instant.MAX;
  private Instant frozenUntil = Instant.MIN;
  private Instant computesUntil = Instant.MIN;
  private boolean wrong;
  private boolean frozen;
  private boolean dead;

  SimulatedProcess(String name, World world) {
    this.name = name;
    this.world = world;
    this.skew = world.random.between(world.plan.maxSkew().negated(), world.plan.maxSkew());
    this.release = world.releases.current(world.time.instant(), world.random);
    int limit = world.mutation.limit(release.calls(), world.releases);
    this.limiter =
        limit == 0
            ? new NoLimit(this)
            : world.table.limiter(limit, this, world::id, TableTransit.toLimiter(this, world));
    world.trace.add(
        name, "starts with a limit of %d, its clock %s ms off", release.calls(), skew.toMillis());
  }

  /** The process of the next invocation: the same, unless it is dead or its release is over. */
  SimulatedProcess next() {
    return dead || release.isOver(world.time.instant()) ? new SimulatedProcess(name, world) : this;
  }

  Config config() {
    return release.config();
  }

  /** Begins an invocation. At its timeout Lambda ends the process. */
  void begin(Duration timeout) {
    deadline = world.time.instant().plus(timeout);
    wrong = !step.isZero();
    frozen = world.time.instant().isBefore(frozenUntil);
    if (step.isZero() && world.faults.occurs(Fault.CLOCK_STEP)) {
      stepClock();
    }
  }

  private void stepClock() {
    Duration by = world.random.between(MIN_STEP, world.random.oneOf(SOME_STEP, MAX_STEP));
    step = world.random.below(2) == 0 ? by : by.negated();
    skew = skew.plus(step);
    wrong = true;
    world.trace.add(name, "CLOCK_STEP of %s", step);
    Instant corrected = world.time.instant();
    // Only the rate limiter checks a clock. It ends the process.
    if (!name.startsWith("callback")
        && !(limiter instanceof NoLimit)
        && world.random.oneOf(true, false)) {
      corrected = corrected.plus(LONGEST_LIFE);
    } else {
      corrected = corrected.plus(world.random.between(Duration.ZERO, WRONG_AT_MOST));
      world.faults.last(corrected);
    }
    world.time.at(
        corrected,
        () -> {
          skew = skew.minus(step);
          step = Duration.ZERO;
          world.trace.add(name, "has the right time again");
        });
  }

  /** Whether the clock was wrong during this invocation. */
  boolean isClockWrong() {
    return wrong || !step.isZero();
  }

  /** To be called before and after each effect. Does not return if the process is dead. */
  void step(CrashPoint point) {
    if (!dead && world.faults.occurs(Fault.FREEZE)) {
      freeze(world.random.between(Duration.ZERO, MAX_FREEZE));
    }
    while (world.time.instant().isBefore(frozenUntil)) {
      world.time.sleepUntil(frozenUntil);
    }
    if (!dead && !world.time.instant().isBefore(deadline)) {
      die("TIMEOUT", point);
    }
    if (!dead && world.faults.occurs(Fault.CRASH)) {
      die("CRASH", point);
    }
    if (dead) {
      throw new Crash();
    }
  }

  /** The function ends its process, and with it the fault of its clock. */
  void restart() {
    if (world.mutation == Mutation.STAY_WITH_A_WRONG_CLOCK) {
      return;
    }
    dead = true;
    world.trace.add(name, "ends itself");
    if (isClockWrong()) {
      world.live.struck(world.time.instant());
    }
    throw new Crash();
  }

  private void freeze(Duration duration) {
    frozen = true;
    frozenUntil = world.time.instant().plus(duration);
    world.faults.last(frozenUntil);
    world.trace.add(name, "FREEZE for %d ms", duration.toMillis());
  }

  private void die(String cause, CrashPoint point) {
    dead = true;
    world.crashes.add(point);
    if (release.config().records().reusesSignatures()) {
      // It may hold leases.
      world.faults.last(world.time.instant().plus(CallChecker.LONGEST_LEASE));
    }
    world.trace.add(name, "%s %s", cause, point);
  }

  /** How long its processor takes for a call that begins now, after those before it. */
  Duration computesCall() {
    Instant now = world.time.instant();
    Instant free = computesUntil.isBefore(now) ? now : computesUntil;
    computesUntil = free.plus(world.processor.callTime());
    return Duration.between(now, computesUntil);
  }

  /** By how much its clock is behind. */
  Duration behind() {
    return skew.isNegative() ? skew.negated() : Duration.ZERO;
  }

  boolean isDead() {
    return dead;
  }

  /** Whether it froze during this invocation. */
  boolean wasFrozen() {
    return frozen;
  }

  RateLimiter limiter() {
    return new FlawedLimiter(world.mutation, limiter, this, world::id);
  }

  boolean isOfDispatchFunction() {
    return name.startsWith("dispatch");
  }

  String name() {
    return name;
  }

  @Override
  public Instant instant() {
    return world.time.instant().plus(skew);
  }

  /** A wait by the clock of the process, for a grant. */
  @Override
  public boolean sleepUntil(Instant time) {
    world.time.sleepUntil(time.minus(skew));
    step(CrashPoint.WHILE_WAITING_FOR_A_GRANT);
    return true;
  }

  @Override
  public <T> T callWithin(Duration limit, Callable<T> call)
      throws TimeoutException, ExecutionException {
    return world.time.callWithin(world.mutation.timeLimit(limit), call);
  }

  @Override
  public DelayedTask runAfter(Duration delay, Runnable task) {
    return world.time.runAfter(delay, task);
  }

  @Override
  public ExecutorService newExecutor() {
    return new VirtualExecutor(
        task -> world.time.start(world.time.instant(), () -> runUnlessDead(task)));
  }

  private static void runUnlessDead(Runnable task) {
    try {
      task.run();
    } catch (Crash _) {
      // The process has died.
    }
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout) {
    T element = world.time.poll(queue, timeout);
    if (dead) {
      throw new Crash();
    }
    return element;
  }
}
