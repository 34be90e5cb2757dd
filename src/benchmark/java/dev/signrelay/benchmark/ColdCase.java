package dev.signrelay.benchmark;

import dev.signrelay.testing.lambda.FunctionConfig;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is started, and with which event.
 *
 * @param prepare what has to be done before each start
 * @param expected a part of the answer
 * @param coldBound times the floor's processor time; null: nothing was promised
 * @param primedBound times the floor's whole cold start; null: nothing was promised
 */
record ColdCase(
    String name,
    FunctionConfig function,
    Runnable prepare,
    Supplier<byte[]> event,
    String expected,
    @Nullable Double coldBound,
    @Nullable Double primedBound) {

  private static final double NO_SDK = 10;
  private static final double WITH_SDK = 16;
  private static final double PRIMED_NO_SDK = 0.35;
  private static final double PRIMED_WITH_SDK = 0.75;

  /** All, the floor first. */
  static List<ColdCase> of(Functions functions, LimitTable limits) {
    String callback = functions.callbackUrl();
    Runnable nothing = () -> {};
    return List.of(
        new ColdCase(
            "Floor: hello, world",
            functions.hello(),
            nothing,
            () -> Events.sign("sign-0"),
            "hello",
            null,
            null),
        new ColdCase(
            "SignFunction, signed",
            functions.sign(),
            nothing,
            () -> Events.sign("sign-0", callback),
            "\"signed\"",
            NO_SDK,
            PRIMED_NO_SDK),
        new ColdCase(
            "SignFunction, signed, with the limit",
            functions.signLimited(),
            limits::forget,
            () -> Events.sign("sign-0", callback),
            "\"signed\"",
            WITH_SDK,
            PRIMED_WITH_SDK),
        new ColdCase(
            "SignFunction, upstream fails, queued",
            functions.sign(),
            nothing,
            () -> Events.sign("fail-0", callback),
            "\"queued\"",
            WITH_SDK,
            PRIMED_WITH_SDK),
        new ColdCase(
            "SignFunction, upstream hangs, queued",
            functions.sign(),
            nothing,
            () -> Events.sign("sign-60000", callback),
            "\"queued\"",
            WITH_SDK,
            PRIMED_WITH_SDK),
        new ColdCase(
            "RetryFunction, 1 record, delivered",
            functions.retry(),
            nothing,
            () -> Events.batch(messages(1), callback),
            "[]",
            NO_SDK,
            PRIMED_NO_SDK),
        new ColdCase(
            "RetryFunction, 10 records, delivered",
            functions.retry(),
            nothing,
            () -> Events.batch(messages(10), callback),
            "[]",
            NO_SDK,
            null));
  }

  private static List<String> messages(int count) {
    return IntStream.range(0, count).mapToObj(i -> "sign-0-" + i).toList();
  }

  /** Whether the function did what is measured. */
  boolean isMeasured(String answer) {
    return answer.contains(expected);
  }
}
