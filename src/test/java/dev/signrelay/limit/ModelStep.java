package dev.signrelay.limit;

import java.util.List;
import java.util.function.Supplier;

/**
 * The effect of an action.
 *
 * @param note a description
 * @param called whether a call began, so that its time matters
 * @param exact whether the action took place exactly as specified
 * @param broken the invariants that are broken
 */
record ModelStep(
    ModelState state, Supplier<String> note, boolean called, boolean exact, List<String> broken) {

  static ModelStep to(ModelState state) {
    return new ModelStep(state, () -> ModelUpstream.seconds(state.now()), false, true, List.of());
  }

  static ModelStep impossible(ModelState state) {
    return new ModelStep(state, () -> "nothing happens", false, false, List.of());
  }
}
