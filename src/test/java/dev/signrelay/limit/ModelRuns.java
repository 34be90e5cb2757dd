package dev.signrelay.limit;

import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.ChangeLimit;
import dev.signrelay.limit.ModelAction.Deliver;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Moment;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.SignNow;
import dev.signrelay.limit.ModelAction.SignOrQueue;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Generates random runs with more actions and processes than a search can cover. Extreme values are
 * frequent.
 */
final class ModelRuns {

  private static final int MAX_PROCESSES = 20;
  private static final int MAX_SKEW_MILLIS = 500;

  private ModelRuns() {}

  /** All actions except changes of the limit. */
  static ModelRun any(SeededInput in) {
    return of(in, () -> extreme(in, -MAX_SKEW_MILLIS, MAX_SKEW_MILLIS), () -> anything(in));
  }

  /** All actions including changes of the limit. */
  static ModelRun withOtherLimits(SeededInput in) {
    return of(
        in,
        () -> extreme(in, -MAX_SKEW_MILLIS, MAX_SKEW_MILLIS),
        () -> in.oneIn(8) ? new ChangeLimit(process(in), limit(in)) : anything(in));
  }

  /** Processes with equal clocks acquire grants at the same time, with interleaved requests. */
  static ModelRun atOnce(SeededInput in) {
    return of(
        in,
        () -> 0,
        () ->
            in.oneIn(3)
                ? new Resume(process(in), in.below(3), waiting(in), Call.EARLY)
                : new SignOrQueue(process(in), waiting(in), Call.EARLY));
  }

  private static ModelRun of(
      SeededInput in, Supplier<Integer> skews, Supplier<ModelAction> actions) {
    return new ModelRun(
        limit(in),
        in.listOf(in.between(1, in.oneOf(2, MAX_PROCESSES)), skews),
        in.listOf(in.between(1, in.oneOf(6, 30, 100)), actions));
  }

  private static ModelAction anything(SeededInput in) {
    return switch (in.below(18)) {
      case 0, 1, 2, 3 -> new TimePasses(time(in));
      case 4, 5 -> new SignNow(process(in), requests(in), call(in));
      case 6, 7, 8 -> new SignOrQueue(process(in), requests(in), call(in));
      case 9, 10, 11, 12 ->
          new Deliver(in.below(10), process(in), in.oneIn(2), requests(in), call(in));
      case 13, 14, 15, 16 -> new Resume(process(in), in.below(3), requests(in), call(in));
      default -> new Restart(process(in));
    };
  }

  private static Duration time(SeededInput in) {
    return Duration.ofMillis(
        switch (in.below(5)) {
          case 0, 1 -> in.between(0, 2_000);
          case 2, 3 -> in.between(58_000, 63_000);
          default -> in.between(0, 130_000);
        });
  }

  private static Requests requests(SeededInput in) {
    return in.oneIn(2) ? Requests.ALL_ANSWERED : new Requests(in.below(3), in.oneOf(End.values()));
  }

  private static Requests waiting(SeededInput in) {
    return in.oneIn(2) ? Requests.ALL_ANSWERED : new Requests(in.below(3), End.WAITS);
  }

  private static Call call(SeededInput in) {
    Moment moment =
        switch (in.below(8)) {
          case 0, 1, 2 -> Moment.EARLIEST;
          case 3, 4, 5 -> Moment.LATEST;
          case 6 -> Moment.BETWEEN;
          default -> Moment.NEVER;
        };
    return new Call(moment, extreme(in, 0, Call.MAX_TRAVEL_MILLIS));
  }

  private static int limit(SeededInput in) {
    return in.oneOf(1, 2, 3, 10);
  }

  private static int process(SeededInput in) {
    return in.below(MAX_PROCESSES);
  }

  private static int extreme(SeededInput in, int least, int most) {
    return in.oneIn(6) ? in.between(least, most) : in.oneOf(0, least, most);
  }
}
