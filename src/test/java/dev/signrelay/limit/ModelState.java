package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The immutable state of the {@link LimiterModel} between two actions.
 *
 * @param now the true time
 * @param stored the state in the table; null: there is none
 * @param arrivals the calls that have arrived at the upstream
 * @param granted all grants, in the order in which they were given
 * @param operations the number of operations that have begun
 * @param highest the highest limit that any process had
 */
record ModelState(
    Instant now,
    @Nullable RateLimitState stored,
    List<ModelProcess> processes,
    List<Arrival> arrivals,
    List<Granted> granted,
    int operations,
    int highest) {

  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  /** The most by which the clocks of two processes differ. */
  static final Duration CLOCK_RANGE = Duration.ofSeconds(1);

  /**
   * A grant that was given.
   *
   * @param calls the limit of the schedule that it belongs to
   * @param allowed the limit of a window that begins with it: the highest until every call that a
   *     lowered limit removed is free
   * @param limit the limit of the process that asked for it
   * @param askedAt when it asked, in true time
   */
  record Granted(String id, Instant from, int calls, int allowed, int limit, Instant askedAt) {}

  /** The arrival of a call at the upstream, and the limit of a window that begins with it. */
  record Arrival(Instant at, int allowed) {}

  ModelState {
    processes = List.copyOf(processes);
    arrivals = List.copyOf(arrivals);
    granted = List.copyOf(granted);
  }

  /**
   * @param limits of the processes
   * @param skewsMillis how far the clock of each process is ahead of the true time
   */
  static ModelState start(List<Integer> limits, List<Integer> skewsMillis) {
    return new ModelState(
        START,
        null,
        IntStream.range(0, limits.size())
            .mapToObj(i -> ModelProcess.start(limits.get(i), Duration.ofMillis(skewsMillis.get(i))))
            .toList(),
        List.of(),
        List.of(),
        0,
        Collections.max(limits));
  }

  ModelState withNow(Instant later) {
    return new ModelState(later, stored, processes, arrivals, granted, operations, highest);
  }

  ModelState withProcess(int number, UnaryOperator<ModelProcess> change) {
    var changed = new ArrayList<>(processes);
    changed.set(number, change.apply(changed.get(number)));
    int limit = Math.max(highest, changed.get(number).calls());
    return new ModelState(now, stored, changed, arrivals, granted, operations, limit);
  }

  ModelState withNextOperation() {
    return new ModelState(now, stored, processes, arrivals, granted, operations + 1, highest);
  }

  ModelState withStored(@Nullable RateLimitState state) {
    return new ModelState(now, state, processes, arrivals, granted, operations, highest);
  }

  ModelState withGranted(List<Granted> more) {
    return new ModelState(
        now, stored, processes, arrivals, plus(granted, more), operations, highest);
  }

  ModelState withArrivals(List<Arrival> more) {
    return new ModelState(
        now, stored, processes, plus(arrivals, more), granted, operations, highest);
  }

  /** Describes what has changed since an earlier state. */
  String since(ModelState before) {
    return "%s, granted %s, arrived %s"
        .formatted(
            now,
            granted.subList(before.granted.size(), granted.size()),
            arrivals.subList(before.arrivals.size(), arrivals.size()));
  }

  /** The limit of a window that begins with a grant. */
  int allowed(String grant) {
    return granted.stream()
        .filter(given -> given.id().equals(grant))
        .mapToInt(Granted::allowed)
        .findFirst()
        .orElseThrow();
  }

  /** Whether the store had a schedule and lost it. */
  boolean isWiped() {
    return stored == null && processes.stream().anyMatch(p -> p.memory().existed());
  }

  private static <T> List<T> plus(List<T> list, List<T> elements) {
    var all = new ArrayList<>(list);
    all.addAll(elements);
    return all;
  }
}
