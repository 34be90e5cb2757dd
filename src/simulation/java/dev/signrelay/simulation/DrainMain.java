package dev.signrelay.simulation;

import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.time.Duration;
import java.util.List;

/**
 * Prints how long bursts take to drain and what they cost, with the production limiter and with the
 * simple alternative. With the argument {@code all} it also drains the largest burst with the
 * alternative, which needs 1.9 million tries and several minutes of real time.
 */
public final class DrainMain {

  private static final long SEED = 1;
  private static final int CALLS = 10;
  private static final List<Integer> BURSTS = List.of(60, 600, 6_000);
  private static final int MAX_WITH_FIXED_WAIT = 600;
  private static final Duration OUTAGE = Duration.ofSeconds(90);

  private DrainMain() {}

  public static void main(String[] args) {
    boolean all = List.of(args).contains("all");
    System.out.println(
        """
        | burst | failures | limiter | signed at once | drained in | share of the limit | \
        upstream calls | 429 | SQS requests a job | DynamoDB requests a job |
        |--:|---|---|--:|--:|--:|--:|--:|--:|--:|""");
    for (int burst : BURSTS) {
      for (SharedLimit.Kind limiter : SharedLimit.Kind.values()) {
        if (all || limiter == SharedLimit.Kind.SCHEDULE || burst <= MAX_WITH_FIXED_WAIT) {
          print("none", Drain.of(SEED, burst, CALLS, limiter, Outage.NONE), limiter);
          print(
              "half, for %d s".formatted(OUTAGE.toSeconds()),
              Drain.of(SEED, burst, CALLS, limiter, Drain.halfFails(OUTAGE)),
              limiter);
        } else {
          System.out.printf("| %,d | | %s | not run without `all` |||||||%n", burst, limiter);
        }
      }
    }
  }

  private static void print(String failures, Drain drain, SharedLimit.Kind limiter) {
    System.out.printf(
        "| %,d | %s | %s | %d | %.1f min | %.1f %% | %,d | %d | %.1f | %.1f |%n",
        drain.burst(),
        failures,
        limiter,
        drain.signedInTheResponse().size(),
        drain.time().toMillis() / 60_000.0,
        100 * drain.shareOfTheRate(),
        drain.world().upstream.calls().size(),
        drain.refused(),
        drain.queueRequestsPerJob(),
        drain.tableRequestsPerJob());
  }
}
