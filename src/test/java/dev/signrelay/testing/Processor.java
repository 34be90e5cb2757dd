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
    Map<String, Object> parameter =
        map(map(Template.read().root().get("Parameters")).get("DispatchMemoryMegabytes"));
    return new Processor((Integer) parameter.get("Default"));
  }

  /**
   * The processor that DispatchFunction needs: the calls that it begins in a second connect while
   * their grants are valid, which is for a second.
   *
   * @param calls the limit: upstream calls in any 60 s
   */
  public static Processor forLimit(int calls) {
    int inASecond = Math.min(calls, Constant.of("dispatch.LineDrain.MAX_PER_SECOND"));
    return new Processor((int) Math.ceil(OF_ONE * inASecond * seconds(CALL) / STEP) * STEP);
  }

  /**
   * How many runs of DispatchFunction side by side make all calls of a limit.
   *
   * @param answer how long a call takes
   */
  public static int runs(int calls, Duration answer) {
    double rate = calls / seconds(SlidingWindowLimiter.PERIOD);
    int inASecond = Constant.of("dispatch.LineDrain.MAX_PER_SECOND");
    int atOnce = Constant.of("dispatch.LineDrain.MAX_RUNNING");
    Duration ahead = Constant.of("dispatch.LineDrain.RECEIVE_AHEAD");
    return (int) Math.ceil(Math.max(rate / inASecond, rate * seconds(answer.plus(ahead)) / atOnce));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
