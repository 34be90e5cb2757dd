package dev.signrelay.simulation;

/** When a process may die: between any two things that it does to the world around it. */
enum CrashPoint {
  /** Before or after a request to the limiter's table has had its effect. */
  BESIDE_A_TABLE_REQUEST,
  WHILE_IT_WAITS_FOR_ITS_GRANT,
  BEFORE_SIGNING,
  AFTER_SIGNING,
  BEFORE_A_DELIVERY,
  AFTER_A_DELIVERY,
  BEFORE_A_SEND,
  /** The request is under way, and the queue has not taken it yet. */
  DURING_A_SEND,
  /** The queue has the job, or the dead letter, and the message it came from is still there. */
  AFTER_A_SEND
}
