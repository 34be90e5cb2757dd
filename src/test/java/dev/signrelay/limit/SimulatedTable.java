package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The limiter's table for simulations: in memory, slow as told, with its requests counted. */
public final class SimulatedTable {

  private final MemoryScheduleStore memory;
  private final Runnable latency;

  /**
   * @param latency waits as long as a request is under way in one direction
   */
  public SimulatedTable(Runnable latency) {
    this(latency, () -> Instant.MIN);
  }

  /**
   * @param clock by which the table forgets what it may forget
   */
  public SimulatedTable(Runnable latency, InstantSource clock) {
    this.latency = latency;
    this.memory = new MemoryScheduleStore(clock);
  }

  /** The real limiter, as one process has it. */
  public RateLimiter limiter(int calls, InstantSource clock, Supplier<String> ids) {
    return limiter(calls, clock, ids, latency);
  }

  /**
   * The same.
   *
   * @param way runs before and after each request; what it throws fails the request, which before
   *     has had no effect and afterwards has
   */
  public RateLimiter limiter(int calls, InstantSource clock, Supplier<String> ids, Runnable way) {
    return new NoHurry(
        new SlidingWindowLimiter(
            new Distant(memory, way), calls, SlidingWindowLimiter.PERIOD, clock, ids));
  }

  public long requests() {
    return memory.requests();
  }

  private record Distant(ScheduleStore store, Runnable latency) implements ScheduleStore {

    @Override
    public Written count(GrantSchedule schedule, long least, long most) {
      return thereAndBack(() -> store.count(schedule, least, most));
    }

    @Override
    public Written replace(@Nullable GrantSchedule expected, GrantSchedule next) {
      return thereAndBack(() -> store.replace(expected, next));
    }

    @Override
    public boolean claim(String grantId, Instant forgetAfter) {
      return thereAndBack(() -> store.claim(grantId, forgetAfter));
    }

    @Override
    public void prepare() {}

    private <T> T thereAndBack(Supplier<T> request) {
      latency.run();
      T reply = request.get();
      latency.run();
      return reply;
    }
  }

  /** The limiter's timeouts are real time, of which a simulated process may need any amount. */
  private record NoHurry(RateLimiter limiter) implements RateLimiter {

    private static final Duration REAL_TIME = Duration.ofMinutes(10);

    @Override
    public Optional<Grant> ask(Instant latest, Duration timeout) {
      return limiter.ask(latest, REAL_TIME);
    }

    @Override
    public boolean redeem(Grant grant, Duration timeout) {
      return limiter.redeem(grant, REAL_TIME);
    }

    @Override
    public void prepare() {}
  }
}
