package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.DELAYS_GROW;

import dev.signrelay.app.Config;
import dev.signrelay.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The waits after failed attempts: none is shorter than the base, than the one before it or than
 * what the answer asked for, none is longer than the longest, and all are waited out. Any other
 * wait, for a grant or for a limiter that is down, is as long as it likes.
 */
record DelayChecker(FaultWorld world, InvariantChecker invariants) {

  /** How much a wait may be cut short: a second by the policy, a second between two clocks. */
  private static final Duration EARLY = Duration.ofSeconds(2);

  void begin(Invocation invocation, Job job, Duration delay) {
    Progress progress = invocation.progress();
    History history = progress.history();
    Instant notBefore = job.notBefore();
    Duration wait =
        notBefore == null ? delay : Duration.between(invocation.process().instant(), notBefore);
    Duration least = least(history, progress.asked());
    Config config = world.scenario.config();
    invariants.require(
        wait.compareTo(least) >= 0 && wait.compareTo(config.retry().maxDelay()) <= 0,
        DELAYS_GROW,
        "%s waits %s, and was to wait at least %s",
        job,
        wait,
        least);
    // A wait that was asked for may be longer than the next one.
    Duration own = progress.asked() == null ? wait : history.waited();
    progress.reach(history.waiting(own, world.time.instant().plus(wait)));
  }

  private Duration least(History history, @Nullable Duration asked) {
    Config config = world.scenario.config();
    Duration wanted = asked == null ? Duration.ZERO : asked;
    Duration most = config.retry().maxDelay();
    return Collections.max(
        List.of(
            config.retry().baseDelay(),
            history.waited(),
            wanted.compareTo(most) < 0 ? wanted : most));
  }

  void requireOver(History history, String job) {
    invariants.require(
        !world.time.instant().plus(EARLY).isBefore(history.due()),
        DELAYS_GROW,
        "%s was to wait until %s",
        job,
        history.due());
  }
}
