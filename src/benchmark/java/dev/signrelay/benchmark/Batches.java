package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Figure.Beside;
import dev.signrelay.benchmark.Target.AtMost;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * A batch of ten records beside its slowest one alone, and what a batch asks of SQS. The upstream
 * takes 50 ms for the first record, 500 ms for the last.
 */
record Batches(Functions functions, URI sqsCounter) {

  private static final int WARM_UP = 5;
  private static final int RECORDS = 10;
  private static final int COUNTED = 10;
  private static final int STEP_MILLIS = 50;
  private static final double TIMES_THE_SLOWEST = 1.5;
  private static final double ONE_REQUEST_FOR_TEN = 0.1;

  Section measure(int rounds) throws IOException, InterruptedException, TimeoutException {
    List<Figure> figures = new ArrayList<>();
    try (var process = start(functions.retry())) {
      figures.add(times(process, "sign", rounds, "Ten records, signed and delivered"));
      figures.add(times(process, "fail", rounds, "Ten records, all put back into the queue"));
    }
    figures.add(requests());
    return new Section(
        "A batch of ten", "The upstream takes 50 to 500 ms for its records.", figures);
  }

  private Figure times(FunctionProcess process, String outcome, int rounds, String name)
      throws InterruptedException, TimeoutException {
    List<String> ten =
        IntStream.rangeClosed(1, RECORDS)
            .mapToObj(i -> outcome + "-" + i * STEP_MILLIS + "-" + i)
            .toList();
    List<String> slowest = List.of(ten.getLast());
    List<Double> ofTen = new ArrayList<>();
    List<Double> ofSlowest = new ArrayList<>();
    for (int i = 0; i < WARM_UP + rounds; i++) {
      ofSlowest.add(millis(process, slowest));
      ofTen.add(millis(process, ten));
    }
    return Figure.of(name, Quantiles.median(measured(ofTen)), "ms")
        .beside(Beside.ratio("its slowest record", Quantiles.median(measured(ofSlowest))))
        .promised(new AtMost(TIMES_THE_SLOWEST));
  }

  private double millis(FunctionProcess process, List<String> messages)
      throws InterruptedException, TimeoutException {
    var done = process.invoke(() -> Events.batch(messages, functions.callbackUrl()));
    if (!done.reply().text().contains("[]")) {
      throw new IllegalStateException("Records failed: " + done.reply().text());
    }
    return done.span().wall();
  }

  private Figure requests() throws IOException, InterruptedException, TimeoutException {
    List<String> failing = IntStream.range(0, RECORDS).mapToObj(i -> "fail-0-" + i).toList();
    try (var process = start(functions.retryCounted())) {
      batches(process, failing, WARM_UP);
      count();
      batches(process, failing, COUNTED);
      return Figure.of(
              "SQS requests for each record put back", count() / (double) (COUNTED * RECORDS), "")
          .promised(new AtMost(ONE_REQUEST_FOR_TEN));
    }
  }

  private void batches(FunctionProcess process, List<String> messages, int times)
      throws InterruptedException, TimeoutException {
    for (int i = 0; i < times; i++) {
      millis(process, messages);
    }
  }

  /** How many requests there were since the last time. */
  private long count() throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return Long.parseLong(
          client
              .send(
                  HttpRequest.newBuilder(sqsCounter).build(), HttpResponse.BodyHandlers.ofString())
              .body());
    }
  }

  private static FunctionProcess start(FunctionConfig function) throws IOException {
    return new FunctionProcess(function, Start.ON_DEMAND, Pinning.toOneProcessor());
  }

  private static List<Double> measured(List<Double> all) {
    return all.subList(WARM_UP, all.size());
  }
}
