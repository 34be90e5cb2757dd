package dev.signrelay.limit;

import dev.signrelay.limit.LimiterModel.Step;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A sequence of actions in the {@link LimiterModel}.
 *
 * @param limits of the processes: calls in any 60 s
 * @param skewsMillis how far their clocks are ahead of the true time
 */
record ModelRun(List<Integer> limits, List<Integer> skewsMillis, List<ModelAction> actions) {

  /** The initial state. */
  ModelState start() {
    return ModelState.start(limits, skewsMillis);
  }

  /**
   * Performs all actions and returns the final state.
   *
   * @throws AssertionError if an invariant is broken; the message describes the run after all
   *     unnecessary actions have been removed
   */
  ModelState check(LimiterModel model) {
    ModelState state = start();
    for (ModelAction action : actions) {
      Step step = model.step(state, action);
      if (!step.broken().isEmpty()) {
        throw new AssertionError("%n%s".formatted(shortened(model).description(model)));
      }
      state = step.state();
    }
    return state;
  }

  /** A numbered list of the actions and their effects, up to the first broken invariant. */
  String description(LimiterModel model) {
    var text = new StringBuilder();
    ModelState state = start();
    for (int i = 0; i < actions.size(); i++) {
      Step step = model.step(state, actions.get(i));
      text.append("%3d. %s -> %s%n".formatted(i + 1, actions.get(i), step.state().since(state)));
      if (!step.broken().isEmpty()) {
        return text.append("     Broken: ").append(String.join("; ", step.broken())).toString();
      }
      state = step.state();
    }
    return text.toString();
  }

  private boolean breaks(LimiterModel model) {
    return description(model).contains("Broken: ");
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
        limits,
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
