package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Results.Section;
import dev.signrelay.simulation.Drain;
import java.util.ArrayList;
import java.util.List;

/** How fast simulated bursts drain through the functions under the rate limit. */
final class BurstBenchmark {

  private static final long SEED = 1;
  private static final int CALLS_PER_MINUTE = 10;
  private static final double MIN_SHARE_OF_LIMIT = 0.95;

  private BurstBenchmark() {}

  /**
   * @param bursts how many requests each burst has
   */
  static Section measure(List<Integer> bursts) {
    List<Figure> figures = new ArrayList<>();
    for (int size : bursts) {
      Drain drain = Drain.withoutFailures(SEED, size, CALLS_PER_MINUTE);
      String burst = String.format("%,d requests: ", size);
      figures.add(Figure.of(burst + "drained after", drain.time().toMillis() / 60e3, "min"));
      figures.add(
          Figure.of(burst + "used share of the limit", drain.shareOfTheRate(), "")
              .atLeast(MIN_SHARE_OF_LIMIT));
      figures.add(Figure.of(burst + "SQS requests per job", drain.queueRequestsPerJob(), ""));
      figures.add(Figure.of(burst + "DynamoDB requests per job", drain.tableRequestsPerJob(), ""));
    }
    return new Section(
        "Draining a burst",
        "At 10 upstream calls per minute, in simulated time, through the real handlers.",
        figures);
  }
}
