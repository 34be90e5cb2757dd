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
 * Tries all sequences of actions, the shorter ones first. It goes on from each state once, from the
 * first sequence that leads to it, which no other is shorter than. So the first sequence that
 * breaks something is a shortest one.
 *
 * @param key equal for states whose futures are the same
 * @param next the actions that are possible in a state
 */
record BreadthFirstSearch<S, A>(Function<S, Object> key, Function<S, List<Next<S, A>>> next) {

  /** How many states are expanded by one task. */
  private static final int TASK = 64;

  /**
   * What comes of an action.
   *
   * @param breaks whether it breaks something
   */
  record Next<S, A>(A action, S state, boolean breaks) {}

  /**
   * What was found.
   *
   * @param path a shortest sequence of actions that breaks something; empty: none does
   * @param states how many different states were reached
   * @param actions how many actions were tried
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
   * @param depth the length of the longest sequences that are tried
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

  /** On all processors. */
  private List<List<Keyed<S, A>>> expand(List<Node<S, A>> level) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Future<List<List<Keyed<S, A>>>>>();
      for (int from = 0; from < level.size(); from += TASK) {
        List<Node<S, A>> some = level.subList(from, Math.min(from + TASK, level.size()));
        tasks.add(threads.submit(() -> some.stream().map(this::expand).toList()));
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
