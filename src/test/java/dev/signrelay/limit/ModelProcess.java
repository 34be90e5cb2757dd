package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A process of any function, between two actions. {@link ModelOperation#run} creates its limiter
 * for each action from what it remembers.
 *
 * @param calls the configured limit
 * @param skew how far the clock is ahead of the true time
 * @param memory what its limiter remembers
 * @param waiting operations with a delayed request to the store
 */
record ModelProcess(int calls, Duration skew, ModelMemory memory, List<ModelOperation> waiting) {

  ModelProcess {
    waiting = List.copyOf(waiting);
  }

  /** A process that has just started. */
  static ModelProcess start(int calls, Duration skew) {
    return new ModelProcess(calls, skew, ModelMemory.NONE, List.of());
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

  ModelProcess withSkew(Duration newSkew) {
    return new ModelProcess(calls, newSkew, memory, waiting);
  }

  ModelProcess withMemory(ModelMemory newMemory) {
    return new ModelProcess(calls, skew, newMemory, waiting);
  }

  ModelProcess withWaiting(ModelOperation operation) {
    var more = new ArrayList<>(waiting);
    more.add(operation);
    return new ModelProcess(calls, skew, memory, more);
  }

  ModelProcess without(ModelOperation operation) {
    var less = new ArrayList<>(waiting);
    less.remove(operation);
    return new ModelProcess(calls, skew, memory, less);
  }

  /** Whether it and all its operations know that there was a schedule. */
  boolean knowsTheSchedule() {
    return memory.existed() && waiting.stream().allMatch(ModelOperation::knowsTheSchedule);
  }
}
