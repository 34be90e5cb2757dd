package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far a invocation has come. */
final class Progress {

  private History history;
  private @Nullable Duration asked;
  private boolean failed;
  private boolean struck;
  private @Nullable DeadLetterReason deadLetter;
  private int notices;

  Progress(History history) {
    this.history = history;
  }

  History history() {
    return history;
  }

  void reach(History next) {
    history = next;
  }

  /**
   * An attempt failed.
   *
   * @param retryAfter what the answer asked for
   */
  void fail(@Nullable Duration retryAfter) {
    failed = true;
    asked = retryAfter;
  }

  boolean failed() {
    return failed;
  }

  /** The wait that the last failed attempt asked for; null: none. */
  @Nullable Duration asked() {
    return asked;
  }

  /** Its dead letter is stored. */
  void deadLettered(DeadLetterReason reason) {
    deadLetter = reason;
  }

  /** Why it was given up; null: it was not, or its dead letter is not stored. */
  @Nullable DeadLetterReason deadLetter() {
    return deadLetter;
  }

  void notified() {
    notices++;
  }

  /** How many notices there were that it was given up. */
  int notices() {
    return notices;
  }

  void strike() {
    struck = true;
  }

  boolean struck() {
    return struck;
  }
}
