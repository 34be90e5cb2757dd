package dev.signrelay.simulation;

/** A point in the processing of a job at which the simulation can crash the process. */
enum CrashPoint {
  /** Before a request to a table, or after its effect. */
  AROUND_A_TABLE_REQUEST,
  WHILE_WAITING_FOR_A_GRANT,
  BEFORE_SIGNING,
  AFTER_SIGNING,
  BEFORE_A_DELIVERY,
  AFTER_A_DELIVERY,
  BEFORE_A_SEND,
  /** The request was sent, but the queue has not stored the job. */
  DURING_A_SEND,
  /** The queue has stored the job or the dead letter; its message is not deleted yet. */
  AFTER_A_SEND,
  /** DispatchFunction is about to ask for the line's length, to receive or to remove jobs. */
  BEFORE_A_REQUEST_TO_THE_LINE,
  AFTER_A_REQUEST_TO_THE_LINE,
  /** All messages of the batch are processed, but the batch response is not returned. */
  BEFORE_THE_REPORT
}
