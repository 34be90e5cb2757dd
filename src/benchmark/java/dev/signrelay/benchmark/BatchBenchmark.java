package dev.signrelay.benchmark;

import static com.github.tomakehurst.wiremock.client.WireMock.proxyAllTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.signrelay.benchmark.Results.Section;
import dev.signrelay.lambda.FunctionProcess;
import dev.signrelay.lambda.FunctionProcess.Start;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.openjdk.jmh.util.ListStatistics;

/** RetryFunction's batches of ten: their duration and their requests to SQS. */
record BatchBenchmark(Functions functions) {

  private static final int RECORDS = 10;
  private static final int WARM_UP = 5;
  private static final int COUNTED_BATCHES = 10;
  private static final double MAX_RATIO_TO_SLOWEST = 1.5;
  private static final double MAX_REQUESTS_PER_RECORD = 0.1;

  /**
   * @param batches how often each duration is measured
   */
  Section measure(int batches) throws Exception {
    try (var process = functions.start(functions.retry(Map.of()), Start.ON_DEMAND)) {
      return new Section(
          "A batch of ten records",
          "The upstream takes 50, 100, ... 500 ms for the records. The baseline is a batch of the"
              + " slowest record alone.",
          List.of(
              duration("Signed and delivered", process, "sign", batches),
              duration("Requeued", process, "fail", batches),
              Figure.of("SQS requests per requeued record", sqsRequestsPerRecord(), "")
                  .atMost(MAX_REQUESTS_PER_RECORD)));
    }
  }

  private Figure duration(String name, FunctionProcess process, String outcome, int batches)
      throws Exception {
    List<String> messages =
        IntStream.rangeClosed(1, RECORDS).mapToObj(i -> outcome + "-" + i * 50 + "-" + i).toList();
    List<String> slowest = List.of(messages.getLast());
    var durations = new ListStatistics();
    var slowestDurations = new ListStatistics();
    for (int i = -WARM_UP; i < batches; i++) {
      double alone = Functions.invokeBatch(process, slowest, functions.callbackUrl()).wall();
      double together = Functions.invokeBatch(process, messages, functions.callbackUrl()).wall();
      if (i >= 0) {
        slowestDurations.addValue(alone);
        durations.addValue(together);
      }
    }
    return Figure.of(name, durations.getPercentile(50), "ms")
        .ratioTo("slowest record", slowestDurations.getPercentile(50))
        .atMost(MAX_RATIO_TO_SLOWEST);
  }

  private double sqsRequestsPerRecord() throws Exception {
    List<String> failing = IntStream.range(0, RECORDS).mapToObj(i -> "fail-0-" + i).toList();
    var sqs = new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
    sqs.start();
    sqs.stubFor(proxyAllTo(functions.backends().sqs().toString()));
    var function = functions.retry(Map.of("AWS_ENDPOINT_URL_SQS", sqs.baseUrl()));
    try (var process = functions.start(function, Start.ON_DEMAND)) {
      for (int i = -WARM_UP; i < COUNTED_BATCHES; i++) {
        if (i == 0) {
          sqs.resetRequests();
        }
        Functions.invokeBatch(process, failing, functions.callbackUrl());
      }
      return sqs.getAllServeEvents().size() / (double) (COUNTED_BATCHES * RECORDS);
    } finally {
      sqs.stop();
    }
  }
}
