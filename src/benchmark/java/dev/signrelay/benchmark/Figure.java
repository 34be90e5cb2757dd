package dev.signrelay.benchmark;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One measured figure.
 *
 * @param unit empty: a bare number
 * @param beside what it is compared with; null: it stands alone
 * @param target what was promised of the comparison, or of the figure if it stands alone; null:
 *     nothing
 */
record Figure(
    String name, double value, String unit, @Nullable Beside beside, @Nullable Target target) {

  /** How two figures of one unit are compared. */
  enum Comparison {
    RATIO,
    DIFFERENCE
  }

  /**
   * Another figure of the same unit and the same run.
   *
   * @param name what it is of
   */
  record Beside(String name, double value, Comparison by) {

    static Beside ratio(String name, double value) {
      return new Beside(name, value, Comparison.RATIO);
    }

    static Beside difference(String name, double value) {
      return new Beside(name, value, Comparison.DIFFERENCE);
    }
  }

  static Figure of(String name, double value, String unit) {
    return new Figure(name, value, unit, null, null);
  }

  Figure beside(@Nullable Beside other) {
    return new Figure(name, value, unit, other, target);
  }

  Figure promised(@Nullable Target promise) {
    return new Figure(name, value, unit, beside, promise);
  }

  /** The number that the target is of. */
  double judged() {
    return switch (beside) {
      case null -> value;
      case Beside(_, double other, Comparison by) ->
          switch (by) {
            case RATIO -> value / other;
            case DIFFERENCE -> value - other;
          };
    };
  }

  String valueText() {
    return withUnit(value);
  }

  /** Empty if it stands alone. */
  String besideText() {
    return beside == null ? "" : withUnit(beside.value()) + ", " + beside.name();
  }

  /** Empty if it stands alone. */
  String comparisonText() {
    return beside == null ? "" : judgedText(judged());
  }

  /** Empty if nothing was promised. */
  String targetText() {
    return target == null ? "" : target.symbol() + " " + judgedText(target.bound());
  }

  /** Empty if nothing was promised. */
  String metText() {
    return target == null ? "" : target.isMetBy(judged()) ? "yes" : "no";
  }

  private String judgedText(double number) {
    return switch (beside) {
      case Beside(_, _, Comparison by) when by == Comparison.RATIO -> number(number) + "x";
      case Beside _ -> (number < 0 ? "" : "+") + withUnit(number);
      case null -> withUnit(number);
    };
  }

  private String withUnit(double number) {
    return unit.isEmpty() ? number(number) : number(number) + " " + unit;
  }

  /** Three figures, or all of a whole number. */
  static String number(double number) {
    double size = Math.abs(number);
    if (number == Math.rint(number) || size >= 100) {
      return String.format(Locale.ROOT, "%,.0f", number);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : "%.2f", number);
  }
}
