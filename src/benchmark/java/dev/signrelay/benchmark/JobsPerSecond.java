package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Target.AtLeast;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * How many jobs RetryFunction signs and delivers when nothing outside takes any time: full batches,
 * one after the other to each of several processes, as Lambda's event source hands them out.
 */
record JobsPerSecond(Functions functions, int processes) {

  private static final int RECORDS = 10;
  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final double PROMISED = 500;

  /** What one process did. */
  private record Work(long jobs, double cpuMillis) {}

  Section measure(Duration time) throws IOException, InterruptedException, ExecutionException {
    List<FunctionProcess> running = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(processes)) {
      for (int i = 0; i < processes; i++) {
        running.add(new FunctionProcess(functions.retryOverHttp(), Start.ON_DEMAND, List.of()));
      }
      List<Future<Work>> results = new ArrayList<>();
      for (FunctionProcess process : running) {
        results.add(
            threads.submit(
                () -> {
                  feed(process, WARM_UP);
                  return feed(process, time);
                }));
      }
      long jobs = 0;
      double cpu = 0;
      for (Future<Work> result : results) {
        jobs += result.get().jobs();
        cpu += result.get().cpuMillis();
      }
      return section(jobs * 1e3 / time.toMillis(), cpu / jobs);
    } finally {
      running.forEach(FunctionProcess::close);
    }
  }

  private Section section(double rate, double cpuMillis) {
    return new Section(
        "Jobs a second",
        "RetryFunction without a limit, full batches to %d processes, an upstream and a receiver over"
                .formatted(processes)
            + " plain HTTP that answer at once. They and the benchmark share the processors.",
        List.of(
            Figure.of("Signed and delivered", rate, "jobs/s").promised(new AtLeast(PROMISED)),
            Figure.of("Processor time of a job", cpuMillis, "ms CPU")));
  }

  private Work feed(FunctionProcess process, Duration time)
      throws InterruptedException, TimeoutException {
    long end = System.nanoTime() + time.toNanos();
    long jobs = 0;
    double cpu = 0;
    while (System.nanoTime() < end) {
      long first = jobs;
      List<String> messages =
          IntStream.range(0, RECORDS).mapToObj(i -> "sign-0-" + (first + i)).toList();
      var done = process.invoke(() -> Events.batch(messages, functions.callbackUrlOverHttp()));
      if (!done.reply().text().contains("[]")) {
        throw new IllegalStateException("Records failed: " + done.reply().text());
      }
      jobs += RECORDS;
      cpu += done.span().cpu();
    }
    return new Work(jobs, cpu);
  }
}
