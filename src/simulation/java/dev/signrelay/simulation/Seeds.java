package dev.signrelay.simulation;

import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/** Runs seeds on all processors. */
final class Seeds {

  private Seeds() {}

  /** The smallest of a range of seeds that fulfils a condition. */
  static OptionalLong first(long least, long count, LongPredicate test) {
    return LongStream.range(least, least + count).parallel().filter(test).findFirst();
  }
}
