package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.DELAYS_GROW;

import dev.signrelay.app.Config;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks the delays after failed attempts. None is shorter than the base delay, the delay before it
 * or the reply's {@code Retry-After}; none is longer than the maximum; no attempt begins before the
 * end of its delay. Waits for a grant or for an unavailable limiter are not delays.
 */
record DelayChecker(FaultWorld world, InvariantChecker invariants) {

  /** An attempt may begin early by this: 1 s of the policy, 1 s of difference between clocks. */
  private static final Duration EARLY = Duration.ofSeconds(2);

  /**
   * @param failedAt when the attempt failed, by the clock of the process
   */
  void begin(Invocation invocation, Progress progress, Instant failedAt, Requeue requeue) {
    History history = progress.history();
    Instant notBefore = requeue.job().notBefore();
    Duration delay = notBefore == null ? requeue.delay() : Duration.between(failedAt, notBefore);
    Duration min = min(history, progress.retryAfter());
    invariants.require(
        delay.compareTo(min) >= 0 && delay.compareTo(max(progress.retryAfter())) <= 0,
        DELAYS_GROW,
        "%s is delayed by %s, which must be at least %s",
        requeue.job(),
        delay,
        min);
    // A delay that a Retry-After caused may be longer than the next one.
    Duration backoff = progress.retryAfter() == null ? delay : history.backoff();
    Duration left =
        notBefore == null ? delay : Duration.between(invocation.process().instant(), notBefore);
    Instant due =
        invocation.process().isClockWrong() ? Instant.MIN : world.time.instant().plus(left);
    progress.advance(history.waiting(backoff, due));
  }

  private Duration min(History history, @Nullable Duration retryAfter) {
    Duration requested = retryAfter == null ? Duration.ZERO : retryAfter;
    return Collections.max(
        List.of(
            config().retry().baseDelay(),
            history.backoff(),
            TimeSource.shorter(requested, Backoff.MAX_RETRY_AFTER)));
  }

  /** A reply can ask for more than the maximum, to which the jitter is added. */
  private Duration max(@Nullable Duration retryAfter) {
    Duration requested =
        retryAfter == null ? Duration.ZERO : retryAfter.plus(config().retry().baseDelay());
    return Collections.max(List.of(config().retry().maxDelay(), requested));
  }

  private Config config() {
    return world.scenario.config();
  }

  void requireDue(Invocation invocation, History history, String message) {
    invariants.require(
        invocation.process().isClockWrong()
            || !world.time.instant().plus(EARLY).isBefore(history.due()),
        DELAYS_GROW,
        "%s is not due before %s",
        message,
        history.due());
  }
}
