package dev.signrelay.testing;

import java.lang.StackWalker.StackFrame;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Checks a property for many random inputs. Each input is generated from its own seed. Each run of
 * the tests draws the first seed, so that every build checks other inputs. The lowest seed that
 * fails is reported with its input and with the command that replays it.
 *
 * <ul>
 *   <li>{@code -Dfuzz.times=50} checks fifty times as many inputs.
 *   <li>{@code -Dfuzz.first=1000001} starts with this seed.
 *   <li>{@code -Dfuzz.seed=42} checks a single input.
 * </ul>
 */
public final class Fuzz {

  /** The number of inputs for a parser. */
  public static final int PARSER_CASES = 1_000;

  /** The number of inputs for a whole function: events, requests or messages. */
  public static final int FUNCTION_CASES = 200;

  private static final long FIRST = Long.getLong("fuzz.first", SeededInput.freshSeed());

  private static final StackWalker CALLERS =
      StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

  private Fuzz() {}

  /**
   * Checks a property on all processors.
   *
   * @param cases the number of inputs, before the system properties above are applied
   * @param inputs generates an input, with the argument as its only source of randomness
   * @param property throws an exception if it does not hold; inputs must not share state
   * @throws AssertionError if the property does not hold for an input
   */
  public static <T> void check(
      int cases, Function<SeededInput, T> inputs, Consumer<? super T> property) {
    String test = CALLERS.walk(frames -> frames.skip(1).findFirst().map(Fuzz::name).orElseThrow());
    Long one = Long.getLong("fuzz.seed");
    LongStream seeds =
        one == null
            ? LongStream.range(FIRST, FIRST + cases * Long.getLong("fuzz.times", 1))
            : LongStream.of(one);
    check(seeds, inputs, property, test);
  }

  /**
   * @param test what replays an input
   */
  static <T> void check(
      LongStream seeds,
      Function<SeededInput, T> inputs,
      Consumer<? super T> property,
      String test) {
    seeds
        .parallel()
        .filter(seed -> fails(inputs.apply(new SeededInput(seed)), property))
        .findFirst()
        .ifPresent(seed -> replay(seed, inputs.apply(new SeededInput(seed)), property, test));
  }

  private static <T> boolean fails(T input, Consumer<? super T> property) {
    try {
      property.accept(input);
      return false;
    } catch (Throwable _) {
      return true;
    }
  }

  private static <T> void replay(long seed, T input, Consumer<? super T> property, String test) {
    String report =
        "Seed %d: %s%nTo replay it: mvn test -Dtest=%s -Dfuzz.seed=%d"
            .formatted(seed, HostileText.inAscii(String.valueOf(input)), test, seed);
    try {
      property.accept(input);
    } catch (Throwable e) {
      throw new AssertionError(report + "\n" + e, e);
    }
    throw new AssertionError(report + "\nIt failed once and then passed: inputs share state.");
  }

  private static String name(StackFrame test) {
    return test.getDeclaringClass().getSimpleName() + "#" + test.getMethodName();
  }
}
