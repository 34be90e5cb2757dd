package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.NOTIFIED_ONCE;

import dev.signrelay.app.Config;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import org.jspecify.annotations.Nullable;

/** Checks that a receiver is notified of a failure once, after the dead letter is stored. */
record FailureNoticeChecker(InvariantChecker invariants, Config config) {

  /** A function begins to notify a receiver. */
  void notifies(Progress progress, String jobId) {
    progress.countNotice();
    invariants.require(
        isRequired(progress.deadLetter()) && progress.notices() == 1,
        NOTIFIED_ONCE,
        "%s: notice %d, with dead letter %s",
        jobId,
        progress.notices(),
        progress.deadLetter());
  }

  /** A function has processed a message, and no fault affected it. */
  void processed(Progress progress) {
    invariants.require(
        !hasReceiver(progress) || !isRequired(progress.deadLetter()) || progress.notices() == 1,
        NOTIFIED_ONCE,
        "no notice of %s",
        progress.deadLetter());
  }

  private static boolean hasReceiver(Progress progress) {
    Job job = progress.received();
    return job != null && job.acceptance().callbackUrl() != null;
  }

  private boolean isRequired(@Nullable DeadLetterReason reason) {
    return config.callback().notifyOnFailure()
        && reason != null
        && reason.kind().allowsFailureNotice();
  }
}
