package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A process of either function, between two actions. The only state of its limiter is the schedule
 * that it has seen last: {@link ModelOperation#run} creates a limiter from it for each action.
 *
 * @param calls the configured limit
 * @param skew how far the clock is ahead of the true time
 * @param seen the schedule in the last answer of the store; null if there was none
 * @param waiting operations with a delayed request to the store
 */
record ModelProcess(
    int calls, Duration skew, @Nullable GrantSchedule seen, List<ModelOperation> waiting) {

  ModelProcess {
    waiting = List.copyOf(waiting);
  }

  /** A process that has just started. */
  static ModelProcess start(int calls, Duration skew) {
    return new ModelProcess(calls, skew, null, List.of());
  }

  Instant clock(Instant trueTime) {
    return trueTime.plus(skew);
  }

  Instant trueTime(Instant clock) {
    return clock.minus(skew);
  }

  ModelProcess restarted() {
    return restarted(calls);
  }

  ModelProcess restarted(int newCalls) {
    return start(newCalls, skew);
  }

  ModelProcess withSeen(@Nullable GrantSchedule schedule) {
    return new ModelProcess(calls, skew, schedule, waiting);
  }

  ModelProcess withWaiting(ModelOperation operation) {
    var more = new ArrayList<>(waiting);
    more.add(operation);
    return new ModelProcess(calls, skew, seen, more);
  }

  ModelProcess without(ModelOperation operation) {
    var less = new ArrayList<>(waiting);
    less.remove(operation);
    return new ModelProcess(calls, skew, seen, less);
  }
}
