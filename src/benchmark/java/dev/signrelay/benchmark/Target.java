package dev.signrelay.benchmark;

/** What was promised of a figure: to be at the most, or at the least, so much. */
sealed interface Target {

  double bound();

  /** How much of what is allowed was used; the target is met up to 1. */
  double share(double measured);

  String symbol();

  default boolean isMetBy(double measured) {
    return share(measured) <= 1;
  }

  record AtMost(double bound) implements Target {

    @Override
    public double share(double measured) {
      return measured / bound;
    }

    @Override
    public String symbol() {
      return "≤";
    }
  }

  record AtLeast(double bound) implements Target {

    @Override
    public double share(double measured) {
      return bound / measured;
    }

    @Override
    public String symbol() {
      return "≥";
    }
  }
}
