package dev.signrelay.limit;

import dev.signrelay.job.Job.NeedsSignature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The immutable state of the {@link LimiterModel} between two actions.
 *
 * @param now the true time
 * @param queue the messages that can be delivered at any time
 * @param arrivals the calls that have arrived at the upstream
 * @param used the ids of the grants that were used
 * @param granted all grants, in the order in which they were given
 * @param operations the number of operations that have begun
 * @param highest the highest limit that any process had
 */
record ModelState(
    Instant now,
    MemoryScheduleStore.Contents store,
    List<ModelProcess> processes,
    List<NeedsSignature> queue,
    List<Arrival> arrivals,
    Set<String> used,
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
    queue = List.copyOf(queue);
    arrivals = List.copyOf(arrivals);
    used = Set.copyOf(used);
    granted = List.copyOf(granted);
  }

  /**
   * @param limits of the processes
   * @param skewsMillis how far the clock of each process is ahead of the true time
   */
  static ModelState start(List<Integer> limits, List<Integer> skewsMillis) {
    return new ModelState(
        START,
        MemoryScheduleStore.Contents.NONE,
        IntStream.range(0, limits.size())
            .mapToObj(i -> ModelProcess.start(limits.get(i), Duration.ofMillis(skewsMillis.get(i))))
            .toList(),
        List.of(),
        List.of(),
        Set.of(),
        List.of(),
        0,
        Collections.max(limits));
  }

  ModelState withNow(Instant later) {
    return new ModelState(
        later, store, processes, queue, arrivals, used, granted, operations, highest);
  }

  ModelState withProcess(int number, UnaryOperator<ModelProcess> change) {
    var changed = new ArrayList<>(processes);
    changed.set(number, change.apply(changed.get(number)));
    int limit = Math.max(highest, changed.get(number).calls());
    return new ModelState(now, store, changed, queue, arrivals, used, granted, operations, limit);
  }

  ModelState withQueue(List<NeedsSignature> messages) {
    return new ModelState(
        now, store, processes, messages, arrivals, used, granted, operations, highest);
  }

  ModelState withMessages(List<NeedsSignature> messages) {
    var all = new ArrayList<>(queue);
    all.addAll(messages);
    return withQueue(all);
  }

  ModelState withoutMessage(int number) {
    return withQueue(
        IntStream.range(0, queue.size()).filter(i -> i != number).mapToObj(queue::get).toList());
  }

  ModelState withNextOperation() {
    return new ModelState(
        now, store, processes, queue, arrivals, used, granted, operations + 1, highest);
  }

  ModelState withStore(MemoryScheduleStore.Contents contents) {
    return new ModelState(
        now, contents, processes, queue, arrivals, used, granted, operations, highest);
  }

  ModelState withGranted(List<Granted> more) {
    var all = new ArrayList<>(granted);
    all.addAll(more);
    return new ModelState(now, store, processes, queue, arrivals, used, all, operations, highest);
  }

  ModelState withCall(String grant, Arrival arrival) {
    var all = new ArrayList<>(used);
    all.add(grant);
    return new ModelState(
        now,
        store,
        processes,
        queue,
        plus(arrivals, arrival),
        Set.copyOf(all),
        granted,
        operations,
        highest);
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
    return store.state() == null && processes.stream().anyMatch(p -> p.memory().existed());
  }

  private static <T> List<T> plus(List<T> list, T element) {
    var more = new ArrayList<>(list);
    more.add(element);
    return more;
  }
}
