package dev.signrelay.limit;

import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.retry.RetryDecision.Sign;
import dev.signrelay.retry.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a process does with its limiter: gets a grant, then calls the upstream or requeues. */
interface ModelWorkflow {

  /** How both functions retry. Without jitter, since the queue of the model delivers anytime. */
  RetryPolicy POLICY =
      new RetryPolicy(new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(900)), 20, 10);

  /** The longest wait for a grant within SignFunction. */
  Duration SIGN_FUNCTION_WAIT = Duration.ofMillis(250);

  /** The longest wait for a grant within RetryFunction. */
  Duration RETRY_FUNCTION_WAIT = RetryPolicy.PATIENCE;

  /**
   * @param job null: a request without a callback, which cannot wait
   * @param maxGrantWait the longest wait for a grant within the function
   */
  record Task(@Nullable NeedsSignature job, Duration maxGrantWait) {}

  /** What came of it. */
  sealed interface Result {

    /**
     * The upstream is called.
     *
     * @param earliest when the call can begin, by the clock of the process
     * @param before when it is too late to begin it
     */
    record Called(Instant earliest, Instant before) implements Result {}

    /** The job is back in the queue. */
    record Requeued(NeedsSignature job) implements Result {}

    /** There is no grant, and nothing to requeue. */
    record NotGranted() implements Result {}
  }

  /**
   * @param time the clock of the process, which may be made to wait
   * @param timeout for a call of the limiter
   */
  Result run(Task task, RateLimiter limiter, ScriptedStore time, Duration timeout);

  /** The workflow of the functions. */
  static Result asInTheFunctions(
      Task task, RateLimiter limiter, ScriptedStore time, Duration timeout) {
    NeedsSignature job = task.job();
    if (job == null) {
      try {
        return limiter
            .ask(time.instant().plus(task.maxGrantWait()), timeout)
            .map(grant -> called(grant, time))
            .orElseGet(Result.NotGranted::new);
      } catch (LimiterUnavailableException _) {
        return new Result.NotGranted();
      }
    }
    try {
      Grant grant = grantFor(job, limiter, time, timeout);
      return switch (POLICY.onGrant(job, grant, time.instant(), task.maxGrantWait())) {
        case Sign _ -> called(grant, time);
        case Requeue requeue -> new Result.Requeued((NeedsSignature) requeue.job());
      };
    } catch (LimiterUnavailableException _) {
      Requeue requeue = POLICY.withoutLimiter(job, time.instant(), 0);
      return new Result.Requeued((NeedsSignature) requeue.job());
    }
  }

  private static Grant grantFor(
      NeedsSignature job, RateLimiter limiter, ScriptedStore time, Duration timeout) {
    return Optional.ofNullable(job.grant())
        .filter(carried -> !carried.isOver(time.instant()) && limiter.redeem(carried, timeout))
        .orElseGet(() -> limiter.ask(timeout));
  }

  private static Result called(Grant grant, ScriptedStore time) {
    time.sleepUntil(grant.from());
    return new Result.Called(time.instant(), grant.until());
  }
}
