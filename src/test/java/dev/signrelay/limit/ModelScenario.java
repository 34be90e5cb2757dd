package dev.signrelay.limit;

import static dev.signrelay.limit.ModelAction.drain;
import static dev.signrelay.limit.ModelAction.note;
import static dev.signrelay.limit.ModelAction.sign;

import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelAction.Wipe;
import dev.signrelay.limit.ModelSearch.Event;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * What the tests of the limiter search: the processes, the events, and the state in which the
 * search begins. The later states let a short search reach what takes many actions from the start.
 */
enum ModelScenario {
  ONE_CALL(3, model -> ModelSearch.of(model, 1)),
  AFTER_ONE_CALL(2, model -> ModelSearch.of(model, 1).after(sign(0, Call.LATE))),
  TWO_CALLS(2, model -> ModelSearch.of(model, 2)),
  /** All calls are taken, and a job has joined the line. */
  AFTER_A_BURST(
      2,
      model ->
          ModelSearch.of(model, 2)
              .after(sign(0, Call.LATE), drain(1, 1, Call.EARLY), sign(0, Call.EARLY))),
  AFTER_ONE_OF_THREE_CALLS(3, model -> ModelSearch.of(model, 3).after(sign(0, Call.EARLY))),
  /** A process has seen an empty line and calls that passed; then the other noted two jobs. */
  AFTER_A_NOTE(
      2,
      model ->
          ModelSearch.of(model, 2)
              .after(note(1, 0), new TimePasses(Duration.ofSeconds(1)), note(0, 2))),
  THREE_PROCESSES(2, model -> ModelSearch.of(model, List.of(1, 1, 1), List.of(-500, 500, 0))),
  CLOCK_STEPS(2, model -> ModelSearch.of(model, 1, Event.CLOCK_STEPS)),
  WRONG_CLOCK(3, model -> ModelSearch.of(model, List.of(1, 1), List.of(0, 4_000))),
  LOST_TABLE(2, model -> ModelSearch.of(model, 1, Event.WIPES)),
  /** The processes have forgotten the state, but not that there was one. */
  AFTER_A_LOST_TABLE(
      2,
      model ->
          ModelSearch.of(model, 1, Event.WIPES)
              .after(
                  drain(0, 2, Call.LATE),
                  note(1, 0),
                  new Wipe(),
                  new TimePasses(Duration.ofSeconds(11)))),
  TWO_LIMITS(2, model -> ModelSearch.of(model, List.of(1, 2), List.of(-500, 500))),
  /** The higher limit can follow soon. */
  RAISED_LIMIT(
      3,
      model ->
          ModelSearch.of(model, List.of(2, 1), List.of(-500, 500))
              .after(sign(1, Call.LATE), new TimePasses(SharedSchedule.LOWER_LIMIT_HOLDS))),
  /** The process with the higher limit has asked. */
  RAISED_LIMIT_AFTER_A_CALL(
      2,
      model ->
          ModelSearch.of(model, List.of(2, 1), List.of(-500, 500))
              .after(
                  sign(1, Call.EARLY),
                  new TimePasses(SharedSchedule.LOWER_LIMIT_HOLDS),
                  sign(0, Call.EARLY),
                  new TimePasses(Duration.ofMillis(1_001)))),
  CHANGED_LIMIT(2, model -> ModelSearch.of(model, 1, Event.LIMITS_CHANGE));

  /** {@code -Dmodel.depth=5} makes every search two actions longer. */
  private static final int DEPTH = Integer.getInteger("model.depth", 3);

  private final int depth;
  private final Function<LimiterModel, ModelSearch> search;

  /**
   * @param depth of the search; each flaw of {@link LimiterModelDetectsMutationsTest} has a
   *     counter-example of this length in some scenario
   */
  ModelScenario(int depth, Function<LimiterModel, ModelSearch> search) {
    this.depth = depth;
    this.search = search;
  }

  /** The length of the sequences that are searched. */
  int depth() {
    return depth + DEPTH - 3;
  }

  ModelSearch search(LimiterModel model) {
    return search.apply(model);
  }
}
