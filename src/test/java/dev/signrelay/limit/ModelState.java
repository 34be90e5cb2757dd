package dev.signrelay.limit;

import dev.signrelay.job.Job.NeedsSignature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 */
record ModelState(
    Instant now,
    MemoryScheduleStore.Contents store,
    List<ModelProcess> processes,
    List<NeedsSignature> queue,
    List<Arrival> arrivals,
    Set<String> used,
    List<Granted> granted,
    int operations) {

  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  /** A grant, and the limit under which it was given. */
  record Granted(String id, Instant from, int calls) {}

  /** The arrival of a call at the upstream, and the limit under which its grant was given. */
  record Arrival(Instant at, int calls) {}

  ModelState {
    processes = List.copyOf(processes);
    queue = List.copyOf(queue);
    arrivals = List.copyOf(arrivals);
    used = Set.copyOf(used);
    granted = List.copyOf(granted);
  }

  /**
   * @param skewsMillis how far the clock of each process is ahead of the true time
   */
  static ModelState start(int calls, List<Integer> skewsMillis) {
    return new ModelState(
        START,
        MemoryScheduleStore.Contents.NONE,
        skewsMillis.stream()
            .map(skew -> ModelProcess.start(calls, Duration.ofMillis(skew)))
            .toList(),
        List.of(),
        List.of(),
        Set.of(),
        List.of(),
        0);
  }

  ModelState withNow(Instant later) {
    return new ModelState(later, store, processes, queue, arrivals, used, granted, operations);
  }

  ModelState withProcess(int number, UnaryOperator<ModelProcess> change) {
    var changed = new ArrayList<>(processes);
    changed.set(number, change.apply(changed.get(number)));
    return new ModelState(now, store, changed, queue, arrivals, used, granted, operations);
  }

  ModelState withQueue(List<NeedsSignature> messages) {
    return new ModelState(now, store, processes, messages, arrivals, used, granted, operations);
  }

  ModelState withMessage(NeedsSignature message) {
    return withQueue(plus(queue, message));
  }

  ModelState withoutMessage(int number) {
    return withQueue(
        IntStream.range(0, queue.size()).filter(i -> i != number).mapToObj(queue::get).toList());
  }

  ModelState withNextOperation() {
    return new ModelState(now, store, processes, queue, arrivals, used, granted, operations + 1);
  }

  ModelState withStore(MemoryScheduleStore.Contents contents, List<Granted> moreGranted) {
    var all = new ArrayList<>(granted);
    all.addAll(moreGranted);
    return new ModelState(now, contents, processes, queue, arrivals, used, all, operations);
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
        operations);
  }

  /** The limit under which a grant was given. */
  int limitOf(String grant) {
    return granted.stream()
        .filter(given -> given.id().equals(grant))
        .mapToInt(Granted::calls)
        .findFirst()
        .orElseThrow();
  }

  private static <T> List<T> plus(List<T> list, T element) {
    var more = new ArrayList<>(list);
    more.add(element);
    return more;
  }
}
