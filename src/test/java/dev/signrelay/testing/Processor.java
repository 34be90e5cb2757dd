package dev.signrelay.testing;

import static dev.signrelay.local.Template.map;

import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.local.Template;
import java.time.Duration;
import java.util.Map;

/**
 * The processor of a function. Lambda gives it in proportion to the memory, one vCPU for 1,769 MB
 * (Lambda developer guide, "Configure Lambda function memory").
 */
public record Processor(int megabytes) {

  /** The processor time of a dispatched job, over TLS: measured in docs/performance.md. */
  public static final Duration CALL = Duration.ofNanos(5_600_000);

  private static final int OF_ONE = 1_769;
  private static final int STEP = 100;

  /** How long it takes for one call. */
  public Duration callTime() {
    return CALL.multipliedBy(OF_ONE).dividedBy(megabytes);
  }

  /** The processor of DispatchFunction by default. */
  public static Processor ofTemplate() {
    return new Processor((Integer) parameter().get("Default"));
  }

  /**
   * The processor with which one run of DispatchFunction makes all calls of a limit.
   *
   * @param calls the limit: upstream calls in any 60 s
   */
  public static Processor forLimit(int calls) {
    double needed = rate(calls) * Constant.<Double>of("dispatch.LineDrain.MEGABYTES_PER_CALL");
    return new Processor(
        Math.clamp(
            (long) Math.ceil(needed / STEP) * STEP,
            (Integer) parameter().get("MinValue"),
            (Integer) parameter().get("MaxValue")));
  }

  /**
   * How many runs side by side make all calls of a limit.
   *
   * @param answer how long a call takes
   */
  public int runs(int calls, Duration answer) {
    double perSecond = megabytes / Constant.<Double>of("dispatch.LineDrain.MEGABYTES_PER_CALL");
    int atOnce = Constant.of("dispatch.LineDrain.MAX_RUNNING");
    Duration ahead = Constant.of("dispatch.LineDrain.RECEIVE_AHEAD");
    double rate = rate(calls);
    return (int) Math.ceil(Math.max(rate / perSecond, rate * seconds(answer.plus(ahead)) / atOnce));
  }

  private static double rate(int calls) {
    return calls / seconds(SlidingWindowLimiter.PERIOD);
  }

  private static Map<String, Object> parameter() {
    return map(map(Template.read().root().get("Parameters")).get("DispatchMemoryMegabytes"));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
