package dev.signrelay.limit;

import dev.signrelay.limit.LimiterModel.Step;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A run of the {@link LimiterModel}.
 *
 * @param calls allowed in 60 s
 */
record ModelRun(int calls, List<Integer> skewsMillis, List<ModelAction> actions) {

  /** Where it begins. */
  ModelState start() {
    return ModelState.start(calls, skewsMillis);
  }

  /**
   * Runs it to its end.
   *
   * @throws AssertionError if a promise is broken; tells a run that is as short as it becomes by
   *     leaving actions out
   */
  ModelState check(LimiterModel model) {
    ModelState state = start();
    for (ModelAction action : actions) {
      Step step = model.step(state, action);
      if (!step.broken().isEmpty()) {
        throw new AssertionError("%n%s".formatted(model.tell(start(), shortened(model).actions)));
      }
      state = step.state();
    }
    return state;
  }

  private boolean breaks(LimiterModel model) {
    ModelState state = start();
    for (ModelAction action : actions) {
      Step step = model.step(state, action);
      if (!step.broken().isEmpty()) {
        return true;
      }
      state = step.state();
    }
    return false;
  }

  private ModelRun shortened(LimiterModel model) {
    return IntStream.range(0, actions.size())
        .mapToObj(this::without)
        .filter(shorter -> shorter.breaks(model))
        .findFirst()
        .map(shorter -> shorter.shortened(model))
        .orElse(this);
  }

  private ModelRun without(int action) {
    return new ModelRun(
        calls,
        skewsMillis,
        Stream.concat(
                actions.subList(0, action).stream(),
                actions.subList(action + 1, actions.size()).stream())
            .toList());
  }

  @Override
  public String toString() {
    return "%d actions of %d processes".formatted(actions.size(), skewsMillis.size());
  }
}
