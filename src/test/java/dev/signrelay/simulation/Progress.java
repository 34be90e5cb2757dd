package dev.signrelay.simulation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How far a handling has come. */
final class Progress {

  private History history;
  private @Nullable Duration asked;
  private boolean failed;
  private boolean struck;

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

  void strike() {
    struck = true;
  }

  boolean struck() {
    return struck;
  }
}
