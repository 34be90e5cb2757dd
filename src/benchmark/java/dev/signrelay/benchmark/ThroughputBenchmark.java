package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Results.Section;
import dev.signrelay.lambda.FunctionProcess;
import dev.signrelay.lambda.FunctionProcess.Start;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * Jobs that RetryFunction signs and delivers per second. Each process gets full batches, one after
 * the other, as Lambda's event source sends them. The backends respond at once.
 */
record ThroughputBenchmark(Functions functions, int processes) {

  private static final Duration WARM_UP = Duration.ofSeconds(5);
  private static final double MIN_JOBS_PER_SECOND = 500;

  /** What one process did. */
  private record Work(long jobs, double cpuMillis) {}

  Section measure(Duration time) throws Exception {
    long jobs = 0;
    double cpuMillis = 0;
    try (var threads = Executors.newFixedThreadPool(processes)) {
      Callable<Work> process = () -> runProcess(time);
      for (Future<Work> each : threads.invokeAll(Collections.nCopies(processes, process))) {
        jobs += each.get().jobs();
        cpuMillis += each.get().cpuMillis();
      }
    }
    return new Section(
        "Throughput",
        "RetryFunction without a limit: full batches to %d processes, an upstream and a receiver"
                .formatted(processes)
            + " over plain HTTP that respond at once. They and the benchmark share the CPUs.",
        List.of(
            Figure.of("Signed and delivered", jobs * 1e3 / time.toMillis(), "jobs/s")
                .atLeast(MIN_JOBS_PER_SECOND),
            Figure.of("CPU time per job", cpuMillis / jobs, "ms CPU")));
  }

  private Work runProcess(Duration time) throws Exception {
    String http = functions.backends().http().toString();
    var function = functions.retry(Map.of("CRYPTO_CLIENT_BASE_URL", http));
    try (var process = new FunctionProcess(function, Start.ON_DEMAND, List.of())) {
      sendBatches(process, WARM_UP);
      return sendBatches(process, time);
    }
  }

  private Work sendBatches(FunctionProcess process, Duration time) throws Exception {
    List<String> messages = IntStream.range(0, 10).mapToObj(i -> "sign-0-" + i).toList();
    var callbackUrl = functions.backends().http().resolve("/callback");
    long end = System.nanoTime() + time.toNanos();
    var work = new Work(0, 0);
    while (System.nanoTime() < end) {
      double cpuMillis = Functions.invokeBatch(process, messages, callbackUrl).cpu();
      work = new Work(work.jobs() + messages.size(), work.cpuMillis() + cpuMillis);
    }
    return work;
  }
}
