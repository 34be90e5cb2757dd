package dev.signrelay.limit;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.retry.RetryPolicy;
import dev.signrelay.signing.RateLimitedSigner;
import dev.signrelay.signing.SigningTimeouts;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The workflow of a process: it acquires a grant, then calls the upstream or requeues the job. */
interface ModelWorkflow {

  /** The retry policy. It needs no jitter, because the queue of the model delivers at any time. */
  RetryPolicy POLICY =
      new RetryPolicy(new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(900)), 20, 10);

  /** The longest wait for a grant within SignFunction. */
  Duration SIGN_FUNCTION_WAIT = Duration.ofMillis(250);

  /** The longest wait for a grant within RetryFunction. */
  Duration RETRY_FUNCTION_WAIT = RetryPolicy.MAX_GRANT_WAIT;

  /** Timeouts that are never reached. */
  SigningTimeouts TIMEOUTS =
      new SigningTimeouts(
          Instant.parse("9999-12-31T00:00:00Z"), Duration.ofMinutes(1), Duration.ofMinutes(1));

  /**
   * @param job null for a request without a callback, which cannot be queued
   * @param maxGrantWait the longest wait for a grant within the function
   */
  record Task(@Nullable NeedsSignature job, Duration maxGrantWait) {}

  /** The result of a task. */
  sealed interface Result {

    /**
     * The upstream is called.
     *
     * @param earliest when the call can begin, by the clock of the process
     * @param before the end of the grant
     */
    record Called(Instant earliest, Instant before) implements Result {}

    /** The job is requeued. */
    record Requeued(NeedsSignature job) implements Result {}

    /** There is no grant, and no job to requeue. */
    record NotGranted() implements Result {}
  }

  /**
   * @param time the clock of the process
   */
  Result run(Task task, RateLimiter limiter, ModelTime time);

  /** The workflow of the functions up to the beginning of the call. */
  static Result asInTheFunctions(Task task, RateLimiter limiter, ModelTime time) {
    var called = new AtomicReference<Result.@Nullable Called>();
    var signer =
        new RateLimitedSigner(
            limiter,
            (_, _, sendBefore) -> {
              called.set(new Result.Called(time.instant(), sendBefore));
              return new SigningOutcome.Signed("signature");
            },
            time,
            task.maxGrantWait());
    NeedsSignature job = task.job();
    Signing attempt =
        job == null ? signer.attempt("id", "message", TIMEOUTS) : signer.attempt(job, TIMEOUTS);
    if (called.get() != null) {
      return called.get();
    }
    return job != null
            && POLICY.afterSigning(job, attempt.result(), time.instant(), 0)
                instanceof Requeue requeue
        ? new Result.Requeued((NeedsSignature) requeue.job())
        : new Result.NotGranted();
  }
}
