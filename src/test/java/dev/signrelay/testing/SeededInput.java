package dev.signrelay.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** A source of random values for one test case. The same seed always gives the same values. */
public final class SeededInput {

  private static final RandomGeneratorFactory<RandomGenerator> GENERATORS =
      RandomGeneratorFactory.of("L64X128MixRandom");

  private final long seed;
  private final RandomGenerator random;

  public SeededInput(long seed) {
    this.seed = seed;
    this.random = GENERATORS.create(seed);
  }

  /** A seed that no other run of the tests is likely to draw. */
  public static long freshSeed() {
    return ThreadLocalRandom.current().nextLong(1_000_000_000_000L);
  }

  public long seed() {
    return seed;
  }

  /** An integer from 0 to a bound (exclusive). */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** An integer between two others (both inclusive). */
  public int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  /** True with the probability 1 / {@code cases}. */
  public boolean oneIn(int cases) {
    return below(cases) == 0;
  }

  @SafeVarargs
  public final <T extends @Nullable Object> T oneOf(T... values) {
    return values[below(values.length)];
  }

  public <T> T oneOf(List<T> values) {
    return values.get(below(values.size()));
  }

  /** A value of one of the suppliers. */
  @SafeVarargs
  public final <T extends @Nullable Object> T oneMadeBy(Supplier<? extends T>... kinds) {
    return kinds[below(kinds.length)].get();
  }

  /** A list of up to {@code most} values. */
  public <T> List<T> list(int most, Supplier<? extends T> values) {
    return listOf(between(0, most), values);
  }

  public <T> List<T> listOf(int size, Supplier<? extends T> values) {
    var list = new ArrayList<T>(size);
    for (int i = 0; i < size; i++) {
      list.add(values.get());
    }
    return List.copyOf(list);
  }

  public byte[] bytes(int most) {
    byte[] bytes = new byte[between(0, most)];
    random.nextBytes(bytes);
    return bytes;
  }
}
