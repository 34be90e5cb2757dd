package dev.signrelay.limit;

import dev.signrelay.time.TimeSource;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The rate limiter's table, simulated in memory: with latency, a count of requests, and the date
 * that each response has.
 */
public final class SimulatedTable {

  private final MemoryScheduleStore memory = new MemoryScheduleStore();
  private final InstantSource clock;

  /**
   * @param clock the server's, by which responses are dated
   */
  public SimulatedTable(InstantSource clock) {
    this.clock = clock;
  }

  /** The way of a request to the table, and of its response. */
  public interface Transit {

    /**
     * Takes time. An exception before the request has its effect, or after it, fails the request.
     *
     * @return the response of the request, or of a repetition of it
     */
    <T extends @Nullable Object> T through(Supplier<T> request);

    /** A request, sent at a time by its process's clock, has changed the state under its limit. */
    void applied(Instant sent);
  }

  /** The production limiter of one process. */
  public RateLimiter limiter(int calls, TimeSource time, Supplier<String> ids, Transit transit) {
    return new SlidingWindowLimiter(
        new RemoteStore(time, transit), calls, SlidingWindowLimiter.PERIOD, time, ids);
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

  /** Requests of a process. */
  private final class RemoteStore extends ForwardingStore {
    private final InstantSource client;
    private final Transit transit;

    RemoteStore(InstantSource client, Transit transit) {
      super(memory);
      this.client = client;
      this.transit = transit;
    }

    /** Sends a request and compares the clocks, like the production store. */
    @Override
    <T extends @Nullable Object> T send(Function<ScheduleStore, T> request) {
      record Dated<T extends @Nullable Object>(T response, Instant date) {}
      Instant sent = client.instant();
      Dated<T> answer =
          transit.through(
              () ->
                  new Dated<>(
                      super.send(request), clock.instant().truncatedTo(ChronoUnit.SECONDS)));
      ClockCheck.require(sent, client.instant(), answer.date());
      if (answer.response() instanceof ScheduleStore.WriteResult.Applied) {
        transit.applied(sent);
      }
      return answer.response();
    }
  }
}
