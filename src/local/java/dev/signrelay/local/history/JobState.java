package dev.signrelay.local.history;

import java.util.Locale;

/** The states by which jobs are filtered. */
enum JobState {
  /** Stored, and neither rate limited nor signed. */
  WAITING(false),
  /** In line. */
  LIMITED(false),
  /** Signed, and not yet delivered. */
  DELIVERING(false),
  DELIVERED(true),
  /** In the dead-letter queue, unless {@link #EXPIRED}. */
  DEAD(false),
  /** In the dead-letter queue, because the result is no longer wanted. */
  EXPIRED(false),
  /** The response or the record has the result, or says that there is none. */
  ANSWERED(true),
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
    return this == DEAD || this == EXPIRED;
  }

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
