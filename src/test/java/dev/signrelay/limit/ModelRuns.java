package dev.signrelay.limit;

import dev.signrelay.limit.ModelAction.Begin;
import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.ChangeLimit;
import dev.signrelay.limit.ModelAction.ClockStep;
import dev.signrelay.limit.ModelAction.End;
import dev.signrelay.limit.ModelAction.Requests;
import dev.signrelay.limit.ModelAction.Restart;
import dev.signrelay.limit.ModelAction.Resume;
import dev.signrelay.limit.ModelAction.Task;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelAction.Wipe;
import dev.signrelay.testing.SeededInput;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/**
 * Generates random runs with more actions and processes than a search can cover. Extreme values are
 * frequent.
 */
final class ModelRuns {

  private static final int MAX_PROCESSES = 20;
  private static final int MAX_SKEW_MILLIS = 500;

  private ModelRuns() {}

  /** With one limit, with two that change, or with a table that is lost. */
  static ModelRun any(SeededInput in) {
    return switch (in.below(3)) {
      case 0 -> of(in, Collections.nCopies(MAX_PROCESSES, limit(in)), () -> anything(in));
      case 1 -> withTwoLimits(in);
      default -> withWipes(in);
    };
  }

  private static ModelRun withTwoLimits(SeededInput in) {
    List<Integer> limits = List.of(limit(in), limit(in));
    return of(
        in,
        in.listOf(MAX_PROCESSES, () -> in.oneOf(limits)),
        () ->
            switch (in.below(16)) {
              case 0 -> new ChangeLimit(process(in), in.oneOf(limits));
              case 1 -> new TimePasses(SharedSchedule.LOWER_LIMIT_HOLDS.plusMillis(in.below(3)));
              default -> anything(in);
            });
  }

  private static ModelRun withWipes(SeededInput in) {
    return of(
        in,
        Collections.nCopies(MAX_PROCESSES, limit(in)),
        () -> in.oneIn(8) ? new Wipe() : anything(in));
  }

  private static ModelRun of(SeededInput in, List<Integer> limits, Supplier<ModelAction> actions) {
    int processes = in.between(1, in.oneOf(2, MAX_PROCESSES));
    return new ModelRun(
        limits.subList(0, processes),
        in.listOf(processes, () -> extreme(in, -MAX_SKEW_MILLIS, MAX_SKEW_MILLIS)),
        in.listOf(in.between(1, in.oneOf(6, 30, 100)), actions));
  }

  private static ModelAction anything(SeededInput in) {
    return switch (in.below(20)) {
      case 0, 1, 2, 3 -> new TimePasses(time(in));
      case 4, 5, 6, 7 -> begin(in, new Task.Sign());
      case 8, 9, 10, 11 -> new Resume(process(in), in.below(3), requests(in), call(in));
      case 12, 13, 14, 15 -> begin(in, new Task.Drain(in.between(1, 3)));
      case 16, 17 -> begin(in, new Task.Note(in.below(3)));
      case 18 -> new ClockStep(process(in), Duration.ofMillis(in.oneOf(-500, 500)));
      default -> new Restart(process(in));
    };
  }

  private static Begin begin(SeededInput in, Task task) {
    return new Begin(process(in), task, requests(in), call(in));
  }

  private static Duration time(SeededInput in) {
    return Duration.ofMillis(
        switch (in.below(5)) {
          case 0, 1 -> in.between(0, 2_000);
          case 2 -> in.between(58_000, 63_000);
          case 3 -> in.oneOf(9_999, 10_000, 15_000, 45_000);
          default -> in.between(0, 180_000);
        });
  }

  private static Requests requests(SeededInput in) {
    return in.oneIn(2) ? Requests.ALL_ANSWERED : new Requests(in.below(4), in.oneOf(End.values()));
  }

  private static Call call(SeededInput in) {
    return new Call(in.oneIn(2), extreme(in, 0, Call.MAX_TRAVEL_MILLIS));
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
