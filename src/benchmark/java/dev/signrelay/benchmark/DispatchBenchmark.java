package dev.signrelay.benchmark;

import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import java.util.List;

/** DispatchFunction without a limit: as many calls at once as it makes, none of them too late. */
record DispatchBenchmark(Functions functions) {

  private static final int WARM_UP = 300;
  private static final int JOBS = 1_000;

  List<Figure> processorTime() throws Exception {
    var function = functions.dispatch(Functions.UNLIMITED);
    try (var process = functions.start(function, Start.SNAP_START)) {
      process.api().restore();
      drain(process, WARM_UP);
      return List.of(
          Figure.of(
              "Processor time of a dispatched job, over TLS",
              drain(process, JOBS) / JOBS,
              "ms CPU"));
    }
  }

  /**
   * The processor time of a run, in ms.
   *
   * @throws IllegalStateException if a job was left
   */
  private double drain(FunctionProcess process, int jobs) throws Exception {
    var run = process.invoke(() -> functions.jobsInLine(jobs));
    if (!run.reply().text().contains(":" + jobs + "}")) {
      throw new IllegalStateException("Jobs were left: " + run.reply().text());
    }
    return run.span().cpu();
  }
}
