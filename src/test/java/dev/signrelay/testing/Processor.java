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

  /**
   * The processor that DispatchFunction needs: all calls that it makes at once begin while their
   * grants are valid, and it keeps the rate of the limit. At least the template's default, at most
   * the parameter's maximum.
   *
   * @param calls the limit: upstream calls in any 60 s
   */
  public static Processor forLimit(int calls) {
    double atOnce = Math.min(calls, (Integer) Constant.of("dispatch.LineDrain.MAX_RUNNING"));
    double callsPerSecond =
        Math.max(
            atOnce / seconds((Duration) Constant.of("limit.SlidingWindowLimiter.GRANT_VALIDITY")),
            calls / seconds(SlidingWindowLimiter.PERIOD));
    double needed = OF_ONE * callsPerSecond * seconds(CALL);
    Map<String, Object> parameter =
        map(map(Template.read().root().get("Parameters")).get("DispatchMemoryMegabytes"));
    return new Processor(
        Math.clamp(
            (long) Math.ceil(needed / STEP) * STEP,
            (Integer) parameter.get("Default"),
            (Integer) parameter.get("MaxValue")));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
