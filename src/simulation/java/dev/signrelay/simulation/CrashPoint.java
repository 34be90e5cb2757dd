package dev.signrelay.simulation;

/** Points between two effects at which a process can crash. */
enum CrashPoint {
  /** Before or after the effect of a request to the limiter's table. */
  AROUND_A_TABLE_REQUEST,
  WHILE_WAITING_FOR_A_GRANT,
  BEFORE_SIGNING,
  AFTER_SIGNING,
  BEFORE_A_DELIVERY,
  AFTER_A_DELIVERY,
  BEFORE_A_SEND,
  /** The request is on its way, and the queue has not stored the job yet. */
  DURING_A_SEND,
  /** The queue has stored the job or the dead letter; its message is not deleted yet. */
  AFTER_A_SEND,
  /** All messages of the batch are processed, and the report is not returned yet. */
  BEFORE_THE_REPORT
}
