package dev.signrelay.simulation;

import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.time.Duration;
import java.util.List;

/** Prints how long bursts take to drain and what they cost. */
public final class DrainMain {

  private static final long SEED = 1;
  private static final Duration OUTAGE = Duration.ofSeconds(90);

  private record Burst(int size, int calls) {}

  private static final List<Burst> BURSTS =
      List.of(
          new Burst(60, 10),
          new Burst(600, 10),
          new Burst(6_000, 10),
          new Burst(12, 1),
          new Burst(600, 100),
          new Burst(6_000, 1_000),
          new Burst(60_000, 10_000),
          new Burst(100_000, 1_000),
          new Burst(100_000, 100_000));

  private DrainMain() {}

  public static void main(String[] args) {
    System.out.println(
        """
        | burst | limit | failures | signed at once | drained in | share of the limit | \
        upstream calls | 429 | SQS requests a job | of the line | DynamoDB requests a job | of the line |
        |--:|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|""");
    long most = args.length == 0 ? Long.MAX_VALUE : Long.parseLong(args[0]);
    for (Burst burst : BURSTS) {
      if (burst.size() <= most) {
        print("none", burst, Outage.NONE);
        print("half, for %d s".formatted(OUTAGE.toSeconds()), burst, Drain.halfFails(OUTAGE));
      }
    }
  }

  private static void print(String failures, Burst burst, Outage outage) {
    Drain drain = Drain.of(SEED, burst.size(), burst.calls(), outage);
    System.out.printf(
        "| %,d | %,d | %s | %,d | %s | %s | %,d | %d | %.1f | %.1f | %.2f | %.2f |%n",
        drain.burst(),
        drain.calls(),
        failures,
        drain.signedInTheResponse().size(),
        time(drain.time()),
        drain.hasRate() ? "%.1f %%".formatted(100 * drain.shareOfTheRate()) : "-",
        drain.world().upstream.calls.size(),
        drain.refused(),
        drain.queueRequestsPerJob(),
        drain.lineRequestsPerJob(),
        drain.tableRequestsPerJob(),
        drain.lineTableRequestsPerJob());
  }

  private static String time(Duration time) {
    return time.compareTo(Duration.ofHours(3)) < 0
        ? "%.1f min".formatted(time.toMillis() / 60_000.0)
        : "%.1f h".formatted(time.toSeconds() / 3_600.0);
  }
}
