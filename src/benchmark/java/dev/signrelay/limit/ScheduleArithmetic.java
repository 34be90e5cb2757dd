package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The limiter's arithmetic, without its table: here, where the schedule is known. */
@State(Scope.Benchmark)
public class ScheduleArithmetic {

  private static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private final GrantSchedule schedule =
      GrantSchedule.idle("version", SlidingWindowLimiter.PERIOD, 10, START).withGranted(25);

  /** Getting in line. */
  @Benchmark
  public Grant count() {
    return schedule.withGranted(schedule.granted() + 1).lastGrant(Duration.ofSeconds(1));
  }

  /** Writing the schedule anew, when nobody waits. */
  @Benchmark
  public GrantSchedule renew() {
    return schedule.renewed("next", START.plusSeconds(200));
  }
}
