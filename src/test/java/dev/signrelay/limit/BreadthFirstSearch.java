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
record BreadthFirstSearch<S, A>(Function<S, Object> key, Function<S, List<Next<S, A>>> next) {

  /** The number of states whose successors are in memory at the same time. */
  private static final int PART_SIZE = 256;

  /**
   * A possible next action and the state after it.
   *
   * @param breaks whether the action breaks an invariant
   */
  record Next<S, A>(A action, S state, boolean breaks) {}

  /**
   * The result of a search.
   *
   * @param path the shortest sequence that breaks an invariant; empty: none was found
   * @param actions the number of actions that were tried
   */
  record Result<A>(Optional<List<A>> path, long actions) {}

  private record Node<S, A>(S state, @Nullable A action, @Nullable Node<S, A> before) {

    List<A> pathTo(A last) {
      var path = new ArrayList<A>(List.of(last));
      for (Node<S, A> node = this; node != null && node.action != null; node = node.before) {
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
  private record Found<S, A>(Node<S, A> before, Next<S, A> step, @Nullable Object key) {}

  /**
   * Searches on all processors.
   *
   * @param depth the maximum length of a sequence
   */
  Result<A> run(S start, int depth) {
    var reached = new HashSet<Object>();
    reached.add(key.apply(start));
    List<Node<S, A>> level = List.of(new Node<>(start, null, null));
    long actions = 0;
    for (int length = 1; length <= depth && !level.isEmpty(); length++) {
      boolean isLast = length == depth;
      var deeper = new ArrayList<Node<S, A>>();
      for (int from = 0; from < level.size(); from += PART_SIZE) {
        List<Node<S, A>> part = level.subList(from, Math.min(from + PART_SIZE, level.size()));
        for (Found<S, A> found : expand(part, isLast)) {
          actions++;
          Next<S, A> step = found.step();
          if (step.breaks()) {
            return new Result<>(Optional.of(found.before().pathTo(step.action())), actions);
          }
          if (!isLast && reached.add(found.key())) {
            deeper.add(new Node<>(step.state(), step.action(), found.before()));
          }
        }
      }
      level = deeper;
    }
    return new Result<>(Optional.empty(), actions);
  }

  private List<Found<S, A>> expand(List<Node<S, A>> nodes, boolean isLast) {
    return nodes.parallelStream()
        .flatMap(
            node ->
                next.apply(node.state()).stream()
                    .map(step -> new Found<>(node, step, isLast ? null : key.apply(step.state()))))
        .toList();
  }
}
