package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Figure.Beside;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** What a whole warm request allocates, on all threads. */
record Allocations(Functions functions) {

  private static final int WARM_UP = 300;
  private static final int REQUESTS = 500;

  Section measure() throws IOException, InterruptedException, TimeoutException {
    double hello = kilobytes(functions.hello());
    double bare = kilobytes(functions.bareCall());
    double sign = kilobytes(functions.sign());
    return new Section(
        "Allocation of a warm request",
        "KB are 1,000 bytes.",
        List.of(
            Figure.of("Floor", hello, "KB"),
            Figure.of("SignFunction", sign, "KB").beside(Beside.ratio("bare call", bare))));
  }

  private double kilobytes(FunctionConfig function)
      throws IOException, InterruptedException, TimeoutException {
    try (var process =
        new FunctionProcess(
            functions.telling(function), Start.ON_DEMAND, Pinning.toOneProcessor())) {
      request(process, WARM_UP);
      long before = allocated(process);
      request(process, REQUESTS);
      return (allocated(process) - before) / 1e3 / REQUESTS;
    }
  }

  private static void request(FunctionProcess process, int times)
      throws InterruptedException, TimeoutException {
    for (int i = 0; i < times; i++) {
      process.invoke(() -> Events.sign("sign-0"));
    }
  }

  private static long allocated(FunctionProcess process)
      throws InterruptedException, TimeoutException {
    byte[] question = AllocationHandler.QUESTION.getBytes(StandardCharsets.US_ASCII);
    return Long.parseLong(process.invoke(() -> question).reply().text());
  }
}
