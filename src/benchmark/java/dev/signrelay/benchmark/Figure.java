package dev.signrelay.benchmark;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured value.
 *
 * @param unit empty for a plain number
 * @param baseline the value it is compared with, measured in the same run; null: none
 * @param target the bound of the {@linkplain #judged() judged} number; null: none
 */
record Figure(
    String name, double value, String unit, @Nullable Baseline baseline, @Nullable Target target) {

  /** How a figure is compared with its baseline: value / baseline or value - baseline. */
  enum Comparison {
    RATIO,
    DIFFERENCE
  }

  /** Another measured value of the same unit. */
  record Baseline(String name, double value, Comparison comparison) {}

  enum Bound {
    AT_MOST,
    AT_LEAST
  }

  record Target(Bound bound, double value) {}

  static Figure of(String name, double value, String unit) {
    return new Figure(name, value, unit, null, null);
  }

  Figure ratioTo(String name, double baseline) {
    return new Figure(
        this.name, value, unit, new Baseline(name, baseline, Comparison.RATIO), target);
  }

  Figure differenceFrom(String name, double baseline) {
    return new Figure(
        this.name, value, unit, new Baseline(name, baseline, Comparison.DIFFERENCE), target);
  }

  Figure atMost(double bound) {
    return new Figure(name, value, unit, baseline, new Target(Bound.AT_MOST, bound));
  }

  Figure atLeast(double bound) {
    return new Figure(name, value, unit, baseline, new Target(Bound.AT_LEAST, bound));
  }

  /** The ratio or the difference if there is a baseline, otherwise the value itself. */
  @JsonProperty
  double judged() {
    return switch (baseline) {
      case null -> value;
      case Baseline(_, double other, Comparison by) when by == Comparison.RATIO -> value / other;
      case Baseline other -> value - other.value();
    };
  }

  /** The used share of the target: up to 1 the target is met. Null: there is no target. */
  @JsonProperty
  @Nullable Double targetUsed() {
    return switch (target) {
      case null -> null;
      case Target(Bound bound, double limit) when bound == Bound.AT_MOST -> judged() / limit;
      case Target(_, double limit) -> limit / judged();
    };
  }

  /** Whether the target is met. Null: there is no target. */
  @JsonProperty
  @Nullable Boolean met() {
    Double used = targetUsed();
    return used == null ? null : used <= 1;
  }

  String valueText() {
    return withUnit(value);
  }

  String baselineText() {
    return baseline == null ? "" : withUnit(baseline.value()) + ", " + baseline.name();
  }

  String comparisonText() {
    return baseline == null ? "" : judgedText(judged());
  }

  String targetText() {
    return target == null
        ? ""
        : (target.bound() == Bound.AT_MOST ? "≤ " : "≥ ") + judgedText(target.value());
  }

  String metText() {
    Boolean met = met();
    return met == null ? "" : met ? "yes" : "no";
  }

  /** A number of the same kind as {@link #judged()}: with a unit, or as a ratio. */
  String judgedText(double number) {
    return switch (baseline) {
      case null -> withUnit(number);
      case Baseline(_, _, Comparison by) when by == Comparison.RATIO -> number(number) + "x";
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
