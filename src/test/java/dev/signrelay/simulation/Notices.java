package dev.signrelay.simulation;

import static dev.signrelay.simulation.Promise.TOLD_ONCE;

import dev.signrelay.Config;
import dev.signrelay.retry.DeadLetterReason;
import org.jspecify.annotations.Nullable;

/** The notices that a job is given up. */
record Notices(Judge judge, Config config) {

  /** A receiver is told. */
  void tells(Handling handling, String id) {
    Progress progress = handling.progress();
    progress.tell();
    judge.require(
        isWanted(progress.buried()) && progress.told() == 1,
        TOLD_ONCE,
        "%s is told for the %d. time; its dead letter: %s",
        id,
        progress.told(),
        progress.buried());
  }

  /** The handling of a message is over, and no fault struck it. */
  void finished(Handling handling) {
    Progress progress = handling.progress();
    judge.require(
        !isWanted(progress.buried()) || progress.told() == 1,
        TOLD_ONCE,
        "nobody is told of %s",
        progress.buried());
  }

  private boolean isWanted(@Nullable DeadLetterReason buried) {
    return config.callbackOnFailure() && buried != null && buried.kind().mayBeTold();
  }
}
