package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** JMH benchmarks of the limiter without its table. The schedule is package-private. */
@State(Scope.Benchmark)
public class GrantScheduleBenchmark {

  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private final GrantSchedule schedule =
      GrantSchedule.idle("version", SlidingWindowLimiter.PERIOD, 10, START).withGranted(25);

  private final GrantSchedule largest =
      GrantSchedule.idle("version", SlidingWindowLimiter.PERIOD, 100_000, START)
          .withGranted(250_000);

  /** Takes the next grant of a schedule in use. */
  @Benchmark
  public Grant acquireGrant() {
    return schedule
        .withGranted(schedule.granted() + 1)
        .lastGrants(1, Duration.ofSeconds(1))
        .getFirst();
  }

  /** Rebuilds the largest schedule after it has been idle. */
  @Benchmark
  public GrantSchedule rebuildSchedule() {
    return largest.rebuilt("next", START.plusSeconds(200));
  }
}
