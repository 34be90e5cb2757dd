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
 * One run of the workflow in a process. It is deterministic and can therefore be suspended at any
 * request to the store: to resume it, it is replayed from its start with the recorded answers.
 *
 * @param number a unique number; the prefix of the versions that the operation writes
 * @param seen the schedule that the limiter had seen when the operation began
 * @param start when the operation began, by the clock of its process
 * @param answers the recorded answers of the store
 */
record ModelOperation(
    Task task, int number, @Nullable GrantSchedule seen, Instant start, List<Answer> answers) {

  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  ModelOperation {
    answers = List.copyOf(answers);
  }

  /**
   * The result of a run that completed or that is suspended at a delayed request.
   *
   * @param operation the operation with all answers so far
   * @param result null if the run is suspended
   * @param used the grant of the result; null if there is none
   * @param broken the violated invariants of the limiter
   */
  record Run(
      ModelOperation operation,
      @Nullable Result result,
      @Nullable Grant used,
      List<String> broken) {}

  /**
   * Runs the operation with the production limiter.
   *
   * @param live answers the requests without a recorded answer
   * @param now the time of these answers, by the clock of the process
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

  /** Passes the schedule to a new limiter as the answer of a store in the distant past. */
  private void remember(SlidingWindowLimiter limiter, ScriptedStore store) {
    if (seen != null) {
      var answer = new Answer(new ScheduleStore.WriteResult.Conflict(seen), Instant.EPOCH);
      store.begin(Instant.EPOCH, List.of(answer), _ -> ScriptedStore.NO_ANSWER, Instant.EPOCH);
      try {
        limiter.acquire(Instant.EPOCH, TIMEOUT);
      } catch (RateLimiter.LimiterUnavailableException _) {
        // The limiter knows the schedule. It has another limit, and the request to change it
        // failed.
      }
    }
  }
}
