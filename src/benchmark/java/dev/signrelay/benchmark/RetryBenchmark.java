package dev.signrelay.benchmark;

import static com.github.tomakehurst.wiremock.client.WireMock.proxyAllTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.ProcessTime.Span;
import java.net.URI;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** RetryFunction without a limit, with batches of ten records. */
record RetryBenchmark(Functions functions) {

  private static final int RECORDS = 10;
  private static final int WARM_UP_BATCHES = 5;
  private static final int COUNTED_BATCHES = 10;
  private static final int WARM_UP_SECONDS = 5;
  private static final double MAX_RATIO_TO_SLOWEST = 1.5;
  private static final double MAX_REQUESTS_PER_RECORD = 0.1;

  /** The work of one process. */
  private record Work(long jobs, double cpuMillis) {}

  /**
   * The duration of a batch beside that of its slowest record, and the requests to SQS.
   *
   * @param count how often each duration is measured
   */
  List<Figure> batches(int count) throws Exception {
    try (var process = functions.start(retry(Map.of()), Start.ON_DEMAND)) {
      return List.of(
          duration("A batch of ten, signed", process, "sign", count),
          duration("A batch of ten, requeued", process, "fail", count),
          Figure.of("SQS requests for a requeued record", sqsRequestsPerRecord(), "")
              .atMost(MAX_REQUESTS_PER_RECORD));
    }
  }

  private Figure duration(String name, FunctionProcess process, String outcome, int count)
      throws Exception {
    List<String> messages = messages(i -> outcome + "-" + (i + 1) * 50 + "-" + i);
    List<String> slowest = List.of(messages.getLast());
    URI callbackUrl = functions.callbackUrl();
    var durations = new Spans();
    var slowestDurations = new Spans();
    for (int i = 0; i < WARM_UP_BATCHES + count; i++) {
      Span alone = invoke(process, slowest, callbackUrl);
      Span together = invoke(process, messages, callbackUrl);
      if (i >= WARM_UP_BATCHES) {
        slowestDurations.add(alone);
        durations.add(together);
      }
    }
    return Figure.of(name, durations.medianWall(), "ms")
        .ratioTo("slowest alone", slowestDurations.medianWall())
        .atMost(MAX_RATIO_TO_SLOWEST);
  }

  private double sqsRequestsPerRecord() throws Exception {
    List<String> messages = messages(i -> "fail-0-" + i);
    var sqs = new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
    sqs.start();
    sqs.stubFor(proxyAllTo(functions.backends().sqs().endpoint().toString()));
    var function = retry(Map.of("AWS_ENDPOINT_URL_SQS", sqs.baseUrl()));
    try (var process = functions.start(function, Start.ON_DEMAND)) {
      for (int i = 0; i < WARM_UP_BATCHES + COUNTED_BATCHES; i++) {
        if (i == WARM_UP_BATCHES) {
          sqs.resetRequests();
        }
        invoke(process, messages, functions.callbackUrl());
      }
      return sqs.getAllServeEvents().size() / (double) (COUNTED_BATCHES * RECORDS);
    } finally {
      sqs.stop();
    }
  }

  /**
   * Jobs per second of processes that each get batches one after the other, as from SQS: a batch of
   * jobs that are signed, then one of jobs that are delivered.
   */
  List<Figure> throughput(int processes, int seconds) throws Exception {
    long jobs = 0;
    double cpuMillis = 0;
    try (var threads = Executors.newFixedThreadPool(processes)) {
      Callable<Work> process = () -> runProcess(seconds);
      for (Future<Work> each : threads.invokeAll(Collections.nCopies(processes, process))) {
        jobs += each.get().jobs;
        cpuMillis += each.get().cpuMillis;
      }
    }
    return List.of(
        Figure.of(
            "Signed and delivered, processes: " + processes, jobs / (double) seconds, "jobs/s"),
        Figure.of("Processor time of a job", cpuMillis / jobs, "ms CPU"));
  }

  private Work runProcess(int seconds) throws Exception {
    URI http = functions.backends().http();
    var function = retry(Map.of("CRYPTO_CLIENT_BASE_URL", http.toString()));
    try (var process = new FunctionProcess(function, Start.ON_DEMAND, List.of())) {
      invokeFor(process, http, WARM_UP_SECONDS);
      return invokeFor(process, http, seconds);
    }
  }

  private static Work invokeFor(FunctionProcess process, URI http, int seconds) throws Exception {
    List<String> messages = messages(i -> "sign-0-" + i);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    var work = new Work(0, 0);
    while (System.nanoTime() < end) {
      URI callbackUrl = http.resolve("/callback");
      double signing = invoke(process, messages, callbackUrl).cpu();
      double delivery = invoke(process, () -> Events.deliveries(RECORDS, callbackUrl)).cpu();
      work = new Work(work.jobs + RECORDS, work.cpuMillis + signing + delivery);
    }
    return work;
  }

  private FunctionConfig retry(Map<String, String> settings) {
    var all = new HashMap<>(Functions.UNLIMITED);
    all.putAll(settings);
    return functions.retry(all);
  }

  private static List<String> messages(IntFunction<String> message) {
    return IntStream.range(0, RECORDS).mapToObj(message).toList();
  }

  private static Span invoke(FunctionProcess process, List<String> messages, URI callbackUrl)
      throws Exception {
    return invoke(process, () -> Events.batch(messages, callbackUrl));
  }

  /**
   * @throws IllegalStateException if a record failed
   */
  private static Span invoke(FunctionProcess process, Supplier<byte[]> batch) throws Exception {
    var invocation = process.invoke(batch);
    if (!invocation.reply().text().contains("[]")) {
      throw new IllegalStateException("Records failed: " + invocation.reply().text());
    }
    return invocation.span();
  }
}
