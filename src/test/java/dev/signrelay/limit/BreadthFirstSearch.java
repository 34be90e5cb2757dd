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
record BreadthFirstSearch<S>(Function<S, Object> key, Function<S, List<Next<S>>> next) {

  /** How many states are expanded by one task. */
  private static final int TASK = 64;

  /**
   * One action.
   *
   * @param action in words
   * @param state after it
   * @param broken what it breaks; null: nothing
   */
  record Next<S>(String action, S state, @Nullable String broken) {}

  /**
   * What was found.
   *
   * @param path the actions of a shortest sequence that breaks something; null: none does
   * @param states how many different states were reached
   * @param actions how many actions were tried
   */
  record Result(@Nullable List<String> path, long states, long actions) {

    /** The sequence as a numbered list; empty: nothing was broken. */
    Optional<String> counterExample() {
      if (path == null) {
        return Optional.empty();
      }
      var lines = new StringBuilder();
      for (int i = 0; i < path.size(); i++) {
        lines.append("%3d. %s%n".formatted(i + 1, path.get(i)));
      }
      return Optional.of(lines.toString());
    }
  }

  private record Node<S>(S state, String action, @Nullable Node<S> before) {

    List<String> path(String... more) {
      var path = new ArrayList<>(List.of(more));
      for (Node<S> node = this; node.before != null; node = node.before) {
        path.addFirst(node.action);
      }
      return path;
    }
  }

  /**
   * @param depth the length of the longest sequences that are tried
   */
  Result run(S start, int depth) {
    var reached = new HashSet<Object>();
    reached.add(key.apply(start));
    List<Node<S>> level = List.of(new Node<>(start, "", null));
    long actions = 0;
    for (int length = 1; length <= depth && !level.isEmpty(); length++) {
      var deeper = new ArrayList<Node<S>>();
      List<List<Keyed<S>>> expanded = expand(level);
      for (int i = 0; i < level.size(); i++) {
        Node<S> node = level.get(i);
        for (Keyed<S> keyed : expanded.get(i)) {
          Next<S> step = keyed.next();
          actions++;
          if (step.broken() != null) {
            return new Result(
                node.path(step.action() + " -> " + step.broken()), reached.size(), actions);
          }
          if (reached.add(keyed.key())) {
            deeper.add(new Node<>(step.state(), step.action(), node));
          }
        }
      }
      level = deeper;
    }
    return new Result(null, reached.size(), actions);
  }

  private record Keyed<S>(Next<S> next, Object key) {}

  /** On virtual threads: what a limiter calls on one of its own then needs no switch of threads. */
  private List<List<Keyed<S>>> expand(List<Node<S>> level) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var tasks = new ArrayList<Future<List<List<Keyed<S>>>>>();
      for (int from = 0; from < level.size(); from += TASK) {
        List<Node<S>> some = level.subList(from, Math.min(from + TASK, level.size()));
        tasks.add(threads.submit(() -> some.stream().map(this::expand).toList()));
      }
      var expanded = new ArrayList<List<Keyed<S>>>();
      for (Future<List<List<Keyed<S>>>> task : tasks) {
        expanded.addAll(task.get());
      }
      return expanded;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Keyed<S>> expand(Node<S> node) {
    return next.apply(node.state()).stream()
        .map(step -> new Keyed<>(step, key.apply(step.state())))
        .toList();
  }
}
