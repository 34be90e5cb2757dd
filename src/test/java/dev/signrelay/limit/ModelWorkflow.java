package dev.signrelay.limit;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.retry.RetryPolicy;
import dev.signrelay.retry.Stage;
import dev.signrelay.signing.RateLimitedSigner;
import dev.signrelay.signing.SigningTimeouts;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The workflow of a process: it acquires a grant, then calls the upstream or requeues the job. */
interface ModelWorkflow {

  /** The retry policy. It needs no jitter, because the queue of the model delivers at any time. */
  RetryPolicy POLICY =
      new RetryPolicy(
          new Stage(
              new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(900)), 20, Duration.ZERO),
          new Stage(
              new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(900)), 10, Duration.ZERO));

  /** The longest wait for a grant within SignFunction. */
  Duration SIGN_FUNCTION_WAIT = Duration.ofMillis(250);

  /** The longest wait for a grant within RetryFunction. */
  Duration RETRY_FUNCTION_WAIT = RetryPolicy.MAX_GRANT_WAIT;

  /** A timeout that is never reached. */
  Duration TIMEOUT = Duration.ofMinutes(1);

  /** Timeouts that are never reached. */
  SigningTimeouts TIMEOUTS =
      new SigningTimeouts(Instant.parse("9999-12-31T00:00:00Z"), TIMEOUT, TIMEOUT);

  /** A new job. */
  NeedsSignature JOB =
      NeedsSignature.first(
          new Acceptance("job", URI.create("https://example.com/"), ModelState.START), "message");

  /** The result of a task. */
  sealed interface Result {

    /**
     * The upstream is called.
     *
     * @param earliest when the call can begin, by the clock of the process
     * @param before the end of the grant
     */
    record Called(Grant grant, Instant earliest, Instant before) implements Result {}

    /** Jobs are sent to the retry queue. */
    record Queued(List<NeedsSignature> jobs) implements Result {}

    /** There is no grant. A job joins the line. */
    record NotGranted() implements Result {}
  }

  /**
   * @param time the clock of the process
   */
  Result run(ModelTask task, RateLimiter limiter, ModelTime time);

  /** The workflow of the functions up to the beginning of the call. */
  static Result asInTheFunctions(ModelTask task, RateLimiter limiter, ModelTime time) {
    return switch (task) {
      case ModelTask.Sign sign -> sign(sign, limiter, time);
      case ModelTask.Line(int jobs) -> ifAvailable(() -> dispatch(jobs, limiter, time));
      case ModelTask.Note(long waiting) ->
          ifAvailable(
              () -> {
                limiter.noteLine(waiting, GrantWindow.AHEAD, TIMEOUT);
                return new Result.NotGranted();
              });
    };
  }

  private static Result ifAvailable(Supplier<Result> run) {
    try {
      return run.get();
    } catch (LimiterUnavailableException _) {
      return new Result.NotGranted();
    }
  }

  private static Result dispatch(int jobs, RateLimiter limiter, ModelTime time) {
    List<Grant> grants = limiter.acquireForLine(jobs, GrantWindow.AHEAD, TIMEOUT);
    return new Result.Queued(
        grants.stream()
            .map(grant -> queued(Requeue.untilGranted(JOB, grant, time.instant())))
            .toList());
  }

  private static Result sign(ModelTask.Sign task, RateLimiter limiter, ModelTime time) {
    var called = new AtomicReference<Result.@Nullable Called>();
    var signer =
        new RateLimitedSigner(
            limiter,
            (_, _, grant) -> {
              Instant earliest = GrantSchedule.later(grant.from(), time.instant());
              called.set(new Result.Called(grant, earliest, grant.until()));
              return Optional.of(new SigningOutcome.Signed("signature"));
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
            && requeue.queue() == JobQueue.RETRY
        ? new Result.Queued(List.of(queued(requeue)))
        : new Result.NotGranted();
  }

  private static NeedsSignature queued(Requeue requeue) {
    return (NeedsSignature) requeue.job();
  }
}
