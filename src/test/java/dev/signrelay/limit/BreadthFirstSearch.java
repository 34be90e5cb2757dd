package dev.signrelay.limit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Breadth-first search for the shortest sequence of actions that breaks an invariant. Shorter
 * sequences are tried first, and each state is expanded once. Therefore the first counter-example
 * that is found has the minimum length.
 *
 * @param key equal only for states with the same future
 * @param next the actions that are possible in a state
 */
record BreadthFirstSearch(Function<ModelState, Object> key, Function<ModelState, List<Next>> next) {

  /** The number of states whose successors are in memory at the same time. */
  private static final int PART_SIZE = 256;

  /**
   * A possible next action and the state after it.
   *
   * @param breaks whether the action breaks an invariant
   */
  record Next(ModelAction action, ModelState state, boolean breaks) {}

  /**
   * The result of a search.
   *
   * @param path the shortest sequence that breaks an invariant; empty: none was found
   * @param actions the number of actions that were tried
   */
  record Result(Optional<List<ModelAction>> path, long actions) {}

  private record Node(ModelState state, @Nullable ModelAction action, @Nullable Node before) {

    List<ModelAction> pathTo(ModelAction last) {
      var path = new ArrayList<ModelAction>(List.of(last));
      for (Node node = this; node != null && node.action != null; node = node.before) {
        path.addFirst(node.action);
      }
      return List.copyOf(path);
    }
  }

  /**
   * A state that was found.
   *
   * @param key of the state; null after a last action
   */
  private record Found(Node before, Next step, @Nullable Object key) {}

  /**
   * Searches on all processors.
   *
   * @param depth the maximum length of a sequence
   */
  Result run(ModelState start, int depth) {
    var reached = new HashSet<Object>();
    reached.add(key.apply(start));
    List<Node> level = List.of(new Node(start, null, null));
    long actions = 0;
    for (int length = 1; length <= depth && !level.isEmpty(); length++) {
      boolean isLast = length == depth;
      var deeper = new ArrayList<Node>();
      for (int from = 0; from < level.size(); from += PART_SIZE) {
        List<Node> part = level.subList(from, Math.min(from + PART_SIZE, level.size()));
        for (Found found : expand(part, isLast)) {
          actions++;
          Next step = found.step();
          if (step.breaks()) {
            return new Result(Optional.of(found.before().pathTo(step.action())), actions);
          }
          if (!isLast && reached.add(found.key())) {
            deeper.add(new Node(step.state(), step.action(), found.before()));
          }
        }
      }
      level = deeper;
    }
    return new Result(Optional.empty(), actions);
  }

  private List<Found> expand(List<Node> nodes, boolean isLast) {
    return nodes.parallelStream()
        .flatMap(
            node ->
                next.apply(node.state()).stream()
                    .map(step -> new Found(node, step, isLast ? null : key.apply(step.state()))))
        .toList();
  }
}
