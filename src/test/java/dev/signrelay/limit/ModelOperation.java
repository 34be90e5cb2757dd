package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ModelWorkflow.Start;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import dev.signrelay.limit.ScriptedStore.Answer;
import dev.signrelay.limit.ScriptedStore.Failure;
import dev.signrelay.limit.ScriptedStore.Live;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One run of the workflow in a process. It is deterministic and can therefore be suspended at any
 * request to the store: to resume it, it is replayed from its start with the recorded answers.
 *
 * @param number a unique number; the prefix of the ids that the operation creates
 * @param memory what the limiter remembered when the operation began
 * @param start when the operation began, by the clock of its process
 * @param answers the recorded answers of the store
 */
record ModelOperation(
    ModelTask task, int number, ModelMemory memory, Instant start, List<Answer> answers) {

  ModelOperation {
    answers = List.copyOf(answers);
  }

  /** Whether it knows that there was a schedule, and is not about to begin one. */
  boolean knowsTheSchedule() {
    Object last = answers.isEmpty() ? "" : answers.getLast().value();
    return memory.existed() && !last.equals(Optional.empty()) && !last.equals(new Conflict(null));
  }

  /**
   * The result of a run that completed or that is suspended at a delayed request.
   *
   * @param operation the operation with all answers so far
   * @param calls that the process makes; null if the run is suspended
   * @param given the grants that the limiter gave; empty if the run is suspended
   * @param broken the violated invariants of the limiter
   */
  record Run(
      ModelOperation operation,
      @Nullable List<Start> calls,
      List<Grant> given,
      List<String> broken) {}

  /**
   * Runs the operation with the production limiter.
   *
   * @param live answers the requests without a recorded answer
   * @param now the time of these answers, by the clock of the process
   */
  Run run(int calls, Duration period, ModelWorkflow workflow, Live live, Instant now) {
    var ids = new AtomicInteger();
    var time = new ModelTime();
    var store = new ScriptedStore(time);
    var limiter =
        new SlidingWindowLimiter(
            store, calls, period, time, () -> number + "." + ids.incrementAndGet());
    remember(limiter, store, GrantSchedule.idle("", period, calls, Instant.EPOCH));
    ids.set(0);
    store.begin(start, answers, live, now);
    var observed = new ObservedLimiter(limiter, time);
    List<Start> starts = workflow.run(task, observed, time);
    var done = new ModelOperation(task, number, memory, start, store.answers());
    return store.isWaiting()
        ? new Run(done, null, List.of(), List.of())
        : new Run(done, starts, observed.given(), observed.broken());
  }

  /**
   * Lets a new limiter receive what it has to remember: it reads any schedule of its limit, notes
   * the length of the line, and gets the state as the answer.
   */
  private void remember(SlidingWindowLimiter limiter, ScriptedStore store, GrantSchedule any) {
    if (!memory.existed()) {
      return;
    }
    Instant sent = memory.at().minus(memory.latency());
    var read = new Answer(Optional.of(new RateLimitState(any, sent, 0, sent, "")), sent);
    RateLimitState state = memory.state();
    var noted = new Answer(state == null ? Failure.NO_ANSWER : new Applied(state), memory.at());
    store.begin(sent, List.of(read, noted), (_, _) -> Failure.NO_ANSWER, sent);
    try {
      limiter.noteLine(0, ModelWorkflow.TIMEOUT);
    } catch (RateLimiter.LimiterUnavailableException _) {
      // It only remembers that there was a state.
    }
  }
}
