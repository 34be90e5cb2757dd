package dev.signrelay.benchmark;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What is typical of several measurements, and what is rare. */
final class Quantiles {

  private Quantiles() {}

  static <T> double median(List<T> measurements, ToDoubleFunction<T> value) {
    return median(measurements.stream().mapToDouble(value).boxed().toList());
  }

  /** The middle one, or the mean of the two in the middle. */
  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /**
   * The smallest value that is not exceeded by so many of all.
   *
   * @param share in (0, 1]: 0.99 for the 99th percentile
   */
  static double quantile(List<Double> values, double share) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
  }
}
