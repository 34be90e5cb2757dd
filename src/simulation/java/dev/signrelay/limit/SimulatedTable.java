package dev.signrelay.limit;

import dev.signrelay.time.TimeSource;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rate limiter's table, simulated in memory: with latency, a count of requests, and the date
 * that each response has.
 */
public final class SimulatedTable {

  private final MemoryScheduleStore memory;
  private final InstantSource clock;

  /**
   * @param clock the server's, by which responses are dated
   */
  public SimulatedTable(InstantSource clock) {
    this.clock = clock;
    this.memory = new MemoryScheduleStore();
  }

  /** The way of a request to the table, and of its response. */
  public interface Transit {

    /**
     * Takes time. An exception before the request has its effect, or after it, fails the request.
     *
     * @return the response of the request, or of a repetition of it
     */
    <T extends @Nullable Object> T through(Supplier<T> request);

    /** A request has changed the state, under the limit of its process. */
    default void applied() {}

    /** Runs something before and after the effect. */
    static Transit around(Runnable before, Runnable after) {
      return new Transit() {
        @Override
        public <T extends @Nullable Object> T through(Supplier<T> request) {
          before.run();
          T response = request.get();
          after.run();
          return response;
        }
      };
    }
  }

  /** The production limiter of one process. */
  public RateLimiter limiter(int calls, TimeSource time, Supplier<String> ids, Transit transit) {
    return new SlidingWindowLimiter(
        new RemoteStore(memory, clock, time, transit),
        calls,
        SlidingWindowLimiter.PERIOD,
        time,
        ids);
  }

  /** Loses everything. */
  public void wipe() {
    memory.wipe();
  }

  /**
   * Pauses the calls of all processes, as an operator does.
   *
   * @return when the pause ends; null: there is no schedule
   */
  public @Nullable Instant pause(String version, Instant now, Instant until) {
    RateLimitState present = memory.state();
    if (present == null) {
      return null;
    }
    PausableState paused = new PausableState(present, null).paused(version, until);
    var _ = memory.replace(present, paused.state());
    return paused.pausedUntil(now).orElse(null);
  }

  public long requests() {
    return memory.requests();
  }

  /**
   * @param server the clock of the table
   * @param client the clock of the process
   */
  private record RemoteStore(
      ScheduleStore store, InstantSource server, InstantSource client, Transit transit)
      implements ScheduleStore {

    @Override
    public @Nullable RateLimitState read() {
      return roundTrip(store::read);
    }

    @Override
    public WriteResult take(Take request) {
      return applied(roundTrip(() -> store.take(request)));
    }

    @Override
    public WriteResult replace(@Nullable RateLimitState expected, RateLimitState next) {
      return applied(roundTrip(() -> store.replace(expected, next)));
    }

    @Override
    public WriteResult note(
        long waiting, long most, @Nullable Instant notedAt, @Nullable Instant askedAt) {
      return applied(roundTrip(() -> store.note(waiting, most, notedAt, askedAt)));
    }

    private WriteResult applied(WriteResult result) {
      if (result instanceof WriteResult.Applied) {
        transit.applied();
      }
      return result;
    }

    /** Sends a request and compares the clocks, like the production store. */
    private <T extends @Nullable Object> T roundTrip(Supplier<T> request) {
      record Dated<T extends @Nullable Object>(T response, Instant date) {}
      Instant sent = client.instant();
      Dated<T> answer =
          transit.through(
              () -> new Dated<>(request.get(), server.instant().truncatedTo(ChronoUnit.SECONDS)));
      ClockCheck.require(sent, client.instant(), answer.date());
      return answer.response();
    }
  }
}
