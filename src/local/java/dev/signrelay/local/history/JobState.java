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
  /** Not over when a former run ended, with its queues. */
  LOST(true);

  private final boolean over;

  JobState(boolean over) {
    this.over = over;
  }

  /** Whether nothing will happen any more. A dead letter is not over: it can be redriven. */
  boolean isOver() {
    return over;
  }

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
