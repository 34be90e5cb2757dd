package dev.signrelay.limit;

import dev.signrelay.time.TimeSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The rate limiter's table, simulated in memory: with latency and a count of requests. */
public final class SimulatedTable {

  private final MemoryScheduleStore memory;
  private final Runnable latency;

  /**
   * @param latency waits while a request or its response is in transit
   */
  public SimulatedTable(Runnable latency) {
    this(latency, () -> Instant.MIN);
  }

  /**
   * @param clock by which marks of claimed grants expire
   */
  public SimulatedTable(Runnable latency, InstantSource clock) {
    this.latency = latency;
    this.memory = new MemoryScheduleStore(clock);
  }

  /** The production limiter of one process. */
  public RateLimiter limiter(int calls, TimeSource time, Supplier<String> ids) {
    return limiter(calls, time, ids, latency);
  }

  /**
   * The production limiter of one process, with requests that can fail.
   *
   * @param transit runs before and after the effect of each request; an exception fails the request
   */
  public RateLimiter limiter(int calls, TimeSource time, Supplier<String> ids, Runnable transit) {
    return new SlidingWindowLimiter(
        new RemoteStore(memory, transit), calls, SlidingWindowLimiter.PERIOD, time, ids);
  }

  public long requests() {
    return memory.requests();
  }

  private record RemoteStore(ScheduleStore store, Runnable latency) implements ScheduleStore {

    @Override
    public WriteResult increment(GrantSchedule schedule, long least, long most) {
      return roundTrip(() -> store.increment(schedule, least, most));
    }

    @Override
    public WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule next) {
      return roundTrip(() -> store.replace(expected, next));
    }

    @Override
    public boolean claim(String grantId, Instant forgetAfter) {
      return roundTrip(() -> store.claim(grantId, forgetAfter));
    }

    private <T> T roundTrip(Supplier<T> request) {
      latency.run();
      T reply = request.get();
      latency.run();
      return reply;
    }
  }
}
