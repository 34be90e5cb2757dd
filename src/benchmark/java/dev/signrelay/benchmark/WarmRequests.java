package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Figure.Beside;
import dev.signrelay.benchmark.Target.AtMost;
import dev.signrelay.testing.lambda.FunctionConfig;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.ProcessTime.Span;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.ToDoubleFunction;

/**
 * Requests to processes that have been running for a while: SignFunction, the same call of the
 * upstream without it, and the floor, in turns.
 */
final class WarmRequests implements AutoCloseable {

  private static final int MANY = 1_000;
  private static final double ADDED_MILLIS = 1;

  private final Subject hello;
  private final Subject bare;
  private final Subject sign;

  /** One process and how its requests went. */
  private static final class Subject {
    final FunctionProcess process;
    final List<Span> spans = new ArrayList<>();
    double megabytesAfterOne;
    double megabytesAfterMany;

    Subject(FunctionConfig function) throws IOException {
      process = new FunctionProcess(function, Start.ON_DEMAND, Pinning.toOneProcessor());
    }

    void request() throws InterruptedException, TimeoutException {
      spans.add(process.invoke(() -> Events.sign("sign-0")).span());
      if (spans.size() == 1) {
        megabytesAfterOne = process.meter().residentMegabytes();
      }
      if (spans.size() == MANY) {
        megabytesAfterMany = process.meter().residentMegabytes();
      }
    }

    double quantile(double share, ToDoubleFunction<Span> value, int last) {
      List<Span> measured = spans.subList(spans.size() - last, spans.size());
      return Quantiles.quantile(measured.stream().mapToDouble(value).boxed().toList(), share);
    }
  }

  WarmRequests(Functions functions) throws IOException {
    hello = new Subject(functions.hello());
    bare = new Subject(functions.bareCall());
    sign = new Subject(functions.sign());
  }

  /**
   * @param count requests to each that are measured, once all are warm
   */
  List<Section> measure(int count) throws InterruptedException, TimeoutException {
    for (int i = 0; i < MANY + count; i++) {
      hello.request();
      bare.request();
      sign.request();
    }
    return List.of(latency(count), cpu(count), memory());
  }

  private Section latency(int count) {
    double bareP50 = bare.quantile(0.5, Span::wall, count);
    double bareP99 = bare.quantile(0.99, Span::wall, count);
    return new Section(
        "Warm latency",
        "From the event to the answer; the bare call is one call of the same upstream with the same"
            + " HTTP client, in a function that does nothing else.",
        List.of(
            Figure.of("Floor, p50", hello.quantile(0.5, Span::wall, count), "ms"),
            Figure.of("Floor, p99", hello.quantile(0.99, Span::wall, count), "ms"),
            Figure.of("SignFunction, p50", sign.quantile(0.5, Span::wall, count), "ms")
                .beside(Beside.difference("bare call", bareP50))
                .promised(new AtMost(ADDED_MILLIS)),
            Figure.of("SignFunction, p99", sign.quantile(0.99, Span::wall, count), "ms")
                .beside(Beside.difference("bare call", bareP99))));
  }

  private Section cpu(int count) {
    double bareCpu = bare.quantile(0.5, Span::cpu, count);
    return new Section(
        "Processor time of a warm request",
        "Medians, TLS handshake included.",
        List.of(
            Figure.of("Floor", hello.quantile(0.5, Span::cpu, count), "ms CPU"),
            Figure.of("SignFunction", sign.quantile(0.5, Span::cpu, count), "ms CPU")
                .beside(Beside.ratio("bare call", bareCpu))));
  }

  private Section memory() {
    return new Section(
        "Resident memory",
        "MB are 1,000,000 bytes; the heap is as large as the JVM makes it on this machine.",
        List.of(
            Figure.of("SignFunction after the first request", sign.megabytesAfterOne, "MB")
                .beside(Beside.ratio("floor", hello.megabytesAfterOne)),
            Figure.of("SignFunction after 1,000 requests", sign.megabytesAfterMany, "MB")
                .beside(Beside.ratio("floor", hello.megabytesAfterMany))));
  }

  @Override
  public void close() {
    hello.process.close();
    bare.process.close();
    sign.process.close();
  }
}
