package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Target.AtLeast;
import dev.signrelay.simulation.Drain;
import java.util.ArrayList;
import java.util.List;

/** Bursts that drain through both functions and the limit, in simulated time. */
record Bursts(List<Integer> sizes) {

  private static final long SEED = 1;
  private static final int CALLS = 10;
  private static final double PROMISED_SHARE = 0.95;

  Section measure() {
    List<Figure> figures = new ArrayList<>();
    for (int size : sizes) {
      Drain drain = Drain.withoutFailures(SEED, size, CALLS);
      String burst = String.format("%,d at once: ", size);
      figures.add(Figure.of(burst + "drained in", drain.time().toMillis() / 60_000.0, "min"));
      figures.add(
          Figure.of(burst + "share of the limit used", drain.shareOfTheRate(), "")
              .promised(new AtLeast(PROMISED_SHARE)));
      figures.add(Figure.of(burst + "SQS requests a job", drain.queueRequestsPerJob(), ""));
      figures.add(Figure.of(burst + "DynamoDB requests a job", drain.tableRequestsPerJob(), ""));
    }
    return new Section(
        "A burst drains",
        "At 10 upstream calls a minute, in simulated time, through the real handlers.",
        figures);
  }
}
