package dev.signrelay.simulation;

import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.SimulatedTable;
import dev.signrelay.limit.SimulatedTable.Transit;
import java.time.Duration;
import java.util.function.Supplier;

/** A limit that all functions share, in one DynamoDB table. */
interface SharedLimit {

  /** The limiters to compare. */
  enum Kind {
    SCHEDULE("schedule"),
    FIXED_WAIT("fixed wait");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    @Override
    public String toString() {
      return label;
    }

    SharedLimit of(int calls, VirtualTime time, SeededRandom random) {
      Runnable latency =
          () -> time.sleep(random.between(Duration.ofMillis(1), Duration.ofMillis(8)));
      return switch (this) {
        case SCHEDULE -> new Schedule(new SimulatedTable(time), time, Transit.taking(latency));
        case FIXED_WAIT -> new FixedWait(calls, time, latency);
      };
    }
  }

  /** The limiter of one process. */
  RateLimiter limiter(int calls, Supplier<String> ids);

  /** The number of requests to DynamoDB. */
  long requests();

  /** The production limiter. */
  record Schedule(SimulatedTable table, VirtualTime time, Transit transit) implements SharedLimit {

    @Override
    public RateLimiter limiter(int calls, Supplier<String> ids) {
      return table.limiter(calls, time, ids, transit);
    }

    @Override
    public long requests() {
      return table.requests();
    }
  }
}
