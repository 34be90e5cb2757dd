package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.NOTIFIED_ONCE;

import dev.signrelay.app.Config;
import dev.signrelay.job.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/** Checks that a receiver is notified once of a job that was given up, after the dead letter. */
record FailureNoticeChecker(InvariantChecker invariants, Config config) {

  /** A receiver is notified. */
  void notified(Invocation invocation, String id) {
    Progress progress = invocation.progress();
    progress.notified();
    invariants.require(
        isRequired(progress.deadLetter()) && progress.notices() == 1,
        NOTIFIED_ONCE,
        "%s: notice number %d, with dead letter %s",
        id,
        progress.notices(),
        progress.deadLetter());
  }

  /** The invocation of a message is over, and no fault struck it. */
  void finished(Invocation invocation) {
    Progress progress = invocation.progress();
    invariants.require(
        !isRequired(progress.deadLetter()) || progress.notices() == 1,
        NOTIFIED_ONCE,
        "no notice of %s",
        progress.deadLetter());
  }

  private boolean isRequired(@Nullable DeadLetterReason reason) {
    return config.callback().notifyOnFailure()
        && reason != null
        && reason.kind().allowsFailureNotice();
  }
}
