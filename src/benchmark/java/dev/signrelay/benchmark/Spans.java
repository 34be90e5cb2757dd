package dev.signrelay.benchmark;

import dev.signrelay.testing.lambda.ProcessTime.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Repeated measurements of one duration. */
final class Spans {

  private final List<Span> all = new ArrayList<>();

  void add(Span span) {
    all.add(span);
  }

  /** The median wall-clock time in ms. */
  double medianWall() {
    return median(Span::wall);
  }

  /** The median processor time in ms. */
  double medianCpu() {
    return median(Span::cpu);
  }

  private double median(ToDoubleFunction<Span> value) {
    double[] sorted = all.stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
