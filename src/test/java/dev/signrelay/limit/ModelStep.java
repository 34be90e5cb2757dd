package dev.signrelay.limit;

import java.util.List;
import java.util.function.Supplier;

/**
 * What comes of an action.
 *
 * @param note in words
 * @param called whether a call can begin, and so whether its moment matters
 * @param exact whether all that the action says happened
 * @param broken the promises that are broken
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
