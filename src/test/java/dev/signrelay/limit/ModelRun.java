package dev.signrelay.limit;

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
      ModelStep step = model.step(state, action);
      if (!step.broken().isEmpty()) {
        throw new AssertionError("%n%s".formatted(shortened(model).tell(model)));
      }
      state = step.state();
    }
    return state;
  }

  /** What happens, as a numbered list that ends with what is broken first. */
  String tell(LimiterModel model) {
    var told = new StringBuilder();
    ModelState state = start();
    for (int i = 0; i < actions.size(); i++) {
      ModelStep step = model.step(state, actions.get(i));
      told.append(
          "%3d. %s -> %s%n"
              .formatted(i + 1, actions.get(i).description(skewsMillis.size()), step.note().get()));
      if (!step.broken().isEmpty()) {
        return told.append("     Broken: ").append(String.join("; ", step.broken())).toString();
      }
      state = step.state();
    }
    return told.toString();
  }

  private boolean breaks(LimiterModel model) {
    ModelState state = start();
    for (ModelAction action : actions) {
      ModelStep step = model.step(state, action);
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
