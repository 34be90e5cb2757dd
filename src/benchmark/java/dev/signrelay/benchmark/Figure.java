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
 * @param target the bound of the {@linkplain #judged() judged} number; null: none
 */
record Figure(
    String name, double value, String unit, @Nullable Baseline baseline, @Nullable Target target) {

  /**
   * Another value of the same unit, measured in the same run.
   *
   * @param isRatio whether the figure is divided by it; otherwise it is subtracted
   */
  record Baseline(String name, double value, boolean isRatio) {}

  /**
   * A bound.
   *
   * @param isMaximum otherwise a minimum
   */
  record Target(double bound, boolean isMaximum) {}

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
    return bound == null ? this : new Figure(name, value, unit, baseline, new Target(bound, true));
  }

  Figure atLeast(double bound) {
    return new Figure(name, value, unit, baseline, new Target(bound, false));
  }

  /** The ratio or the difference if there is a baseline, otherwise the value itself. */
  @JsonProperty
  double judged() {
    return switch (baseline) {
      case null -> value;
      case Baseline(_, double other, boolean isRatio) -> isRatio ? value / other : value - other;
    };
  }

  /** The used share of the target; null: there is no target. Up to 1 the target is met. */
  @JsonProperty
  @Nullable Double usedShare() {
    return switch (target) {
      case null -> null;
      case Target(double bound, boolean isMaximum) ->
          isMaximum ? judged() / bound : bound / judged();
    };
  }

  boolean isMet() {
    Double used = usedShare();
    return used != null && used <= 1;
  }

  /**
   * Name, value, baseline, comparison, target, and whether the target is met with its used share.
   * Empty cells do not apply.
   */
  List<String> cells() {
    return List.of(
        name,
        withUnit(value),
        baseline == null ? "" : withUnit(baseline.value) + ", " + baseline.name,
        baseline == null ? "" : likeJudged(judged()),
        target == null ? "" : (target.isMaximum ? "≤ " : "≥ ") + likeJudged(target.bound),
        target == null ? "" : (isMet() ? "yes" : "no") + " (%.0f %%)".formatted(usedShare() * 100));
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
