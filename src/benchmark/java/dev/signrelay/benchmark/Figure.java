package dev.signrelay.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured value.
 *
 * @param unit empty for a plain number
 * @param baseline the value it is compared with; null: none
 * @param target the largest {@linkplain #judged() judged} number that meets it; null: none
 */
record Figure(
    String name, double value, String unit, @Nullable Baseline baseline, @Nullable Double target) {

  /**
   * Another value of the same unit, measured in the same run.
   *
   * @param isRatio whether the figure is divided by it; otherwise it is subtracted
   */
  record Baseline(String name, double value, boolean isRatio) {}

  static Figure of(String name, double value, String unit) {
    return new Figure(name, value, unit, null, null);
  }

  Figure ratioTo(String other, double otherValue) {
    return new Figure(name, value, unit, new Baseline(other, otherValue, true), target);
  }

  Figure differenceFrom(String other, double otherValue) {
    return new Figure(name, value, unit, new Baseline(other, otherValue, false), target);
  }

  /**
   * @param bound null: no target
   */
  Figure atMost(@Nullable Double bound) {
    return new Figure(name, value, unit, baseline, bound);
  }

  /** The ratio or the difference if there is a baseline, otherwise the value itself. */
  @JsonProperty
  double judged() {
    return switch (baseline) {
      case null -> value;
      case Baseline(_, double other, boolean isRatio) -> isRatio ? value / other : value - other;
    };
  }

  boolean isMet() {
    return target != null && judged() <= target;
  }

  /**
   * Name, value, comparison with the baseline, and target with whether it is met. Empty cells do
   * not apply.
   */
  List<String> cells() {
    return List.of(
        name,
        withUnit(value),
        baseline == null ? "" : likeJudged(judged()) + " " + baseline.name,
        target == null ? "" : "≤ " + likeJudged(target) + (isMet() ? "" : ", missed"));
  }

  private String likeJudged(double number) {
    return switch (baseline) {
      case null -> withUnit(number);
      case Baseline(_, _, boolean isRatio) when isRatio -> number(number) + "x";
      case Baseline _ -> (number < 0 ? "" : "+") + withUnit(number);
    };
  }

  private String withUnit(double number) {
    return (number(number) + " " + unit).strip();
  }

  /** Two decimals below 10, one below 100, none for larger and whole numbers. */
  static String number(double number) {
    double size = Math.abs(number);
    int decimals = number == Math.rint(number) || size >= 100 ? 0 : size >= 10 ? 1 : 2;
    return String.format(Locale.ROOT, "%,." + decimals + "f", number);
  }
}
