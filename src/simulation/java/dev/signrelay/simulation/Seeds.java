package dev.signrelay.simulation;

import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/** Tries seeds on all processors. */
final class Seeds {

  private Seeds() {}

  /** The least of so many seeds of which something is true. */
  static OptionalLong first(long least, long count, LongPredicate test) {
    return LongStream.range(least, least + count).parallel().filter(test).findFirst();
  }
}
