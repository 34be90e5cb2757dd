package dev.signrelay.local.history;

import java.util.Locale;

/**
 * The states by which jobs are filtered, in the words of the API: the table in {@code
 * docs/callers.md} says what they mean.
 */
enum JobState {
  WAITING(false),
  SIGNING(false),
  DELIVERING(false),
  SIGNED(true),
  DELIVERED(true),
  FAILED(false),
  EXPIRED(false),
  UNSIGNED(true),
  REJECTED(true),
  REFUSED(true),
  /** Gone with the queues of a former run, or removed from the dead-letter queue. */
  LOST(true);

  private final boolean over;

  JobState(boolean over) {
    this.over = over;
  }

  /** Whether nothing will happen any more. A dead letter is not over: it can be redriven. */
  boolean isOver() {
    return over;
  }

  boolean isDeadLetter() {
    return this == FAILED || this == EXPIRED;
  }

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
