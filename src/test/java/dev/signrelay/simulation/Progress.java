package dev.signrelay.simulation;

import dev.signrelay.retry.DeadLetterReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far a handling has come. */
final class Progress {

  private History history;
  private @Nullable Duration asked;
  private boolean failed;
  private boolean struck;
  private @Nullable DeadLetterReason buried;
  private int told;

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
  void bury(DeadLetterReason reason) {
    buried = reason;
  }

  /** Why it was given up; null: it was not, or its dead letter is not stored. */
  @Nullable DeadLetterReason buried() {
    return buried;
  }

  void tell() {
    told++;
  }

  /** How many notices there were that it was given up. */
  int told() {
    return told;
  }

  void strike() {
    struck = true;
  }

  boolean struck() {
    return struck;
  }
}
