package dev.signrelay.simulation;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * The only source of randomness of a run. Consecutive seeds give independent runs, unlike those of
 * {@link java.util.Random}, whose first numbers hardly differ.
 */
final class SeededRandom implements DoubleSupplier {

  private final SplittableRandom random;

  SeededRandom(long seed) {
    this.random = new SplittableRandom(seed);
  }

  @Override
  public double getAsDouble() {
    return random.nextDouble();
  }

  /** A duration between two others, in whole milliseconds. */
  Duration between(Duration least, Duration most) {
    return Duration.ofMillis(random.nextLong(least.toMillis(), most.toMillis() + 1));
  }

  /** A number from 0 up to a bound, exclusive. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  @SafeVarargs
  final <T> T oneOf(T... values) {
    return values[below(values.length)];
  }
}
