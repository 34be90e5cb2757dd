package dev.signrelay.limit;

import dev.signrelay.limit.ModelAction.Task;
import dev.signrelay.limit.ModelStore.Answer;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import dev.signrelay.limit.SharedSchedule.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A process of any function, between two actions. Its limiter is created for each action from what
 * it remembers.
 *
 * @param calls the configured limit
 * @param skew how far the clock is ahead of the true time
 * @param memory what its limiter remembers
 * @param waiting operations with a delayed request to the store
 */
record ModelProcess(int calls, Duration skew, Memory memory, List<Operation> waiting) {

  /** What a limiter remembers between two operations: all that affects what it writes. */
  record Memory(@Nullable Seen seen, boolean existed) {

    /** After a limiter of the process has received an answer, or has failed. */
    Memory then(SlidingWindowLimiter limiter) {
      return new Memory(limiter.shared.seen, existed || limiter.shared.existed);
    }

    /** Lets a new limiter remember this. */
    void restore(SlidingWindowLimiter limiter) {
      limiter.shared.seen = seen;
      limiter.shared.existed = existed;
    }
  }

  /**
   * One run of the workflow in a process. It is deterministic and can therefore be suspended at any
   * request to the store: to resume it, it is replayed from its start with the recorded answers.
   *
   * @param number a unique number; the prefix of the ids that the operation creates
   * @param memory what the limiter remembered when the operation began
   * @param start when the operation began, by the clock of its process
   * @param answers the recorded answers of the store
   */
  record Operation(Task task, int number, Memory memory, Instant start, List<Answer> answers) {

    Operation {
      answers = List.copyOf(answers);
    }

    Operation with(List<Answer> more) {
      return new Operation(task, number, memory, start, more);
    }

    /** Whether it knows that there was a schedule, and is not about to begin one. */
    boolean knowsTheSchedule() {
      Object last = answers.isEmpty() ? "" : answers.getLast().value();
      return memory.existed()
          && !last.equals(Optional.empty())
          && !last.equals(Optional.of(new Conflict(null)));
    }
  }

  ModelProcess {
    waiting = List.copyOf(waiting);
  }

  /** A process that has just started. */
  static ModelProcess start(int calls, Duration skew) {
    return new ModelProcess(calls, skew, new Memory(null, false), List.of());
  }

  Instant clock(Instant trueTime) {
    return trueTime.plus(skew);
  }

  Instant trueTime(Instant clock) {
    return clock.minus(skew);
  }

  ModelProcess restarted(int newCalls) {
    return start(newCalls, skew);
  }

  ModelProcess withSkew(Duration newSkew) {
    return new ModelProcess(calls, newSkew, memory, waiting);
  }

  ModelProcess withMemory(Memory newMemory) {
    return new ModelProcess(calls, skew, newMemory, waiting);
  }

  ModelProcess with(Operation operation) {
    var more = new ArrayList<>(waiting);
    more.add(operation);
    return new ModelProcess(calls, skew, memory, more);
  }

  ModelProcess without(Operation operation) {
    var less = new ArrayList<>(waiting);
    less.remove(operation);
    return new ModelProcess(calls, skew, memory, less);
  }

  /** Whether it and all its operations know that there was a schedule. */
  boolean knowsTheSchedule() {
    return memory.existed() && waiting.stream().allMatch(Operation::knowsTheSchedule);
  }
}
