package dev.signrelay.limit;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  /** The number of states that one task expands. */
  private static final int BATCH_SIZE = 64;

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
   * @param states the number of distinct states that were reached
   * @param actions the number of actions that were tried
   */
  record Result<A>(Optional<List<A>> path, long states, long actions) {}

  private record Node<S, A>(S state, @Nullable A action, @Nullable Node<S, A> before) {

    static <S, A> Node<S, A> start(S state) {
      return new Node<>(state, null, null);
    }

    List<A> pathTo(A last) {
      var path = new ArrayList<A>(List.of(last));
      for (Node<S, A> node = this; node != null && node.action != null; node = node.before) {
        path.addFirst(node.action);
      }
      return List.copyOf(path);
    }
  }

  /**
   * @param depth the maximum length of a sequence
   */
  Result<A> run(S start, int depth) {
    var reached = new HashSet<Object>();
    reached.add(key.apply(start));
    List<Node<S, A>> level = List.of(Node.start(start));
    long actions = 0;
    for (int length = 1; length <= depth && !level.isEmpty(); length++) {
      var deeper = new ArrayList<Node<S, A>>();
      List<List<Keyed<S, A>>> expanded = expand(level);
      for (int i = 0; i < level.size(); i++) {
        Node<S, A> node = level.get(i);
        for (Keyed<S, A> keyed : expanded.get(i)) {
          Next<S, A> step = keyed.next();
          actions++;
          if (step.breaks()) {
            return new Result<>(Optional.of(node.pathTo(step.action())), reached.size(), actions);
          }
          if (reached.add(keyed.key())) {
            deeper.add(new Node<>(step.state(), step.action(), node));
          }
        }
      }
      level = deeper;
    }
    return new Result<>(Optional.empty(), reached.size(), actions);
  }

  private record Keyed<S, A>(Next<S, A> next, Object key) {}

  /** Expands all states of a level, on all processors. */
  private List<List<Keyed<S, A>>> expand(List<Node<S, A>> level) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Future<List<List<Keyed<S, A>>>>>();
      for (int from = 0; from < level.size(); from += BATCH_SIZE) {
        List<Node<S, A>> batch = level.subList(from, Math.min(from + BATCH_SIZE, level.size()));
        tasks.add(threads.submit(() -> batch.stream().map(this::expand).toList()));
      }
      var expanded = new ArrayList<List<Keyed<S, A>>>();
      for (Future<List<List<Keyed<S, A>>>> task : tasks) {
        expanded.addAll(task.get());
      }
      return expanded;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Keyed<S, A>> expand(Node<S, A> node) {
    return next.apply(node.state()).stream()
        .map(step -> new Keyed<>(step, key.apply(step.state())))
        .toList();
  }
}
