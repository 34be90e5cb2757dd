package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.DELAYS_GROW;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.policy.Backoff;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.policy.Stage;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the delays after failed attempts. None is shorter than the base delay, the delay before it
 * or the reply's {@code Retry-After}, as far as the job's time allows; none is longer than the
 * maximum; no attempt begins before the end of its delay. Waits for a grant or for an unavailable
 * limiter are not delays.
 */
record DelayChecker(World world) {

  /** An attempt may begin early by this: 1 s of the policy, 1 s of difference between clocks. */
  private static final Duration EARLY = Duration.ofSeconds(2);

  private static final Duration MAX_RECORD_DELAY = Duration.ofMinutes(1);

  /**
   * @param failedAt when the attempt failed, by the clock of the process
   */
  void begin(Invocation invocation, Progress progress, Instant failedAt, Requeue requeue) {
    History history = progress.history;
    Instant notBefore = requeue.job().notBefore();
    Duration delay = notBefore == null ? requeue.delay() : Duration.between(failedAt, notBefore);
    Instant now = invocation.process.instant();
    Duration min = min(history, requeue.job(), progress.retryAfter, now);
    Duration max = max(requeue.job(), progress.retryAfter, failedAt);
    world.invariants.require(
        delay.compareTo(min) >= 0 && delay.compareTo(max) <= 0,
        DELAYS_GROW,
        "%s is delayed by %s, which must be from %s to %s",
        requeue.job(),
        delay,
        min,
        max);
    // A delay that a Retry-After caused may be longer than the next one.
    Duration backoff = progress.retryAfter == null ? delay : history.backoff();
    Duration left = notBefore == null ? delay : Duration.between(now, notBefore);
    Instant due = invocation.process.isClockWrong() ? Instant.MIN : world.time.instant().plus(left);
    progress.history = history.waiting(backoff, due);
  }

  private Duration min(History history, Job job, @Nullable Duration retryAfter, Instant now) {
    Duration base = stage(job).backoff().base();
    Duration longest =
        shortened(
            job, Collections.max(List.of(base, history.backoff(), followed(job, retryAfter, now))));
    Instant end = job.acceptance().validUntil();
    return end == null ? longest : TimeSource.shorter(longest, Duration.between(now, end));
  }

  /** A signature that waits for its record, and for no receiver, is tried each minute. */
  private static Duration shortened(Job job, Duration delay) {
    return job instanceof NeedsCallback && job.acceptance().callbackUrl() == null
        ? TimeSource.shorter(delay, MAX_RECORD_DELAY)
        : delay;
  }

  /** A reply can ask for more than the maximum, to which the jitter is added. */
  private Duration max(Job job, @Nullable Duration retryAfter, Instant failedAt) {
    Backoff backoff = stage(job).backoff();
    return shortened(
        job,
        Collections.max(
            List.of(backoff.max(), followed(job, retryAfter, failedAt).plus(backoff.base()))));
  }

  /** As much of a reply's {@code Retry-After} as the job's time allows. */
  private Duration followed(Job job, @Nullable Duration retryAfter, Instant now) {
    Stage stage = stage(job);
    Duration left = Duration.between(now, job.since().plus(stage.time()));
    return retryAfter == null
        ? Duration.ZERO
        : TimeSource.shorter(retryAfter, Collections.max(List.of(left, stage.backoff().max())));
  }

  private Stage stage(Job job) {
    return switch (job) {
      case NeedsSignature _ -> world.scenario.config().retryPolicy().signing();
      case NeedsCallback _ -> world.scenario.config().retryPolicy().delivery();
    };
  }

  void requireDue(Invocation invocation, History history, String message) {
    world.invariants.require(
        invocation.process.isClockWrong()
            || !world.time.instant().plus(EARLY).isBefore(history.due()),
        DELAYS_GROW,
        "%s is not due before %s",
        message,
        history.due());
  }
}
