package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ModelWorkflow.Result;
import dev.signrelay.limit.ModelWorkflow.Task;
import dev.signrelay.limit.ScriptedStore.Answer;
import dev.signrelay.limit.ScriptedStore.Live;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One run of the workflow in a process. It is deterministic, so it can stop at any request to the
 * store: to go on, it runs again from its start with the answers it has got so far.
 *
 * @param number unique; names the schedules that the operation writes
 * @param seen the schedule that the limiter had seen when the operation began
 * @param start when it began, by the clock of its process
 * @param answers what the store has answered so far
 */
record ModelOperation(
    Task task, int number, @Nullable GrantSchedule seen, Instant start, List<Answer> answers) {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  ModelOperation {
    answers = List.copyOf(answers);
  }

  /**
   * What came of a run up to its end, or up to a request that waits.
   *
   * @param operation with all answers
   * @param result null: a request waits
   * @param used the grant that the result is about; null: none
   * @param broken what the limiter does not keep of its promises
   */
  record Run(
      ModelOperation operation,
      @Nullable Result result,
      @Nullable Grant used,
      List<String> broken) {}

  /**
   * Runs the operation with a real limiter.
   *
   * @param live answers the requests that have no answer yet
   * @param now when it does, by the clock of the process
   */
  Run run(int calls, Duration period, ModelWorkflow workflow, Live live, Instant now) {
    var versions = new AtomicInteger();
    var time = new ModelTime();
    var store = new ScriptedStore(time);
    var limiter =
        new SlidingWindowLimiter(
            store, calls, period, time, () -> number + "." + versions.incrementAndGet());
    remember(limiter, store);
    versions.set(0);
    store.begin(start, answers, live, now);
    var observed = new ObservedLimiter(limiter, time);
    Result result = workflow.run(task, observed, time);
    var done = new ModelOperation(task, number, seen, start, store.answers());
    return store.isWaiting()
        ? new Run(done, null, null, List.of())
        : new Run(done, result, observed.last(), observed.broken());
  }

  /** Makes a new limiter remember the schedule: a store that answers with it, long ago. */
  private void remember(SlidingWindowLimiter limiter, ScriptedStore store) {
    if (seen != null) {
      var answer = new Answer(new ScheduleStore.WriteResult.Conflict(seen), Instant.EPOCH);
      store.begin(Instant.EPOCH, List.of(answer), _ -> ScriptedStore.NO_ANSWER, Instant.EPOCH);
      try {
        limiter.acquire(Instant.EPOCH, TIMEOUT);
      } catch (RateLimiter.LimiterUnavailableException _) {
        // It has seen the schedule, which is of another limit, and begins to change it.
      }
    }
  }
}
