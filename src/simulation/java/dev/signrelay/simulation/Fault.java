package dev.signrelay.simulation;

/** The kinds of faults of the environment. */
enum Fault {
  /** A message is delivered twice. */
  DUPLICATE,
  /** A message is delivered minutes after its delay. */
  LATE_MESSAGE,
  /** Messages are delivered out of order. */
  DISORDER,
  /** The queue refuses a request. */
  SEND_FAILED,
  /** The queue refuses a single entry of a request that sends several jobs. */
  ENTRY_REFUSED,
  /** The queue stores the jobs of a request, and its confirmation is lost. */
  SEND_UNCONFIRMED,
  /** The queue stores the jobs of a request long after the sender's timeout. */
  SEND_LATE,
  /** A request of DispatchFunction to the line, or its response, is lost. */
  LINE_FAILED,
  /** A run of DispatchFunction does not happen. */
  TICK_LOST,
  /** A run of DispatchFunction happens twice. */
  TICK_DOUBLED,
  /** A run of DispatchFunction is up to 55 s late. */
  TICK_LATE,
  /** Lambda fails to delete the processed messages of a batch. */
  DELETE_FAILED,
  /** Lambda refuses an invocation. */
  THROTTLE,
  /** A process dies during its work. */
  CRASH,
  /** A process stops for a while, possibly until Lambda's timeout. */
  FREEZE,
  /** A request to the limiter's table, or its response, is lost. */
  TABLE_FAILED,
  /** The response of the limiter's table is lost, and its client repeats the request. */
  TABLE_RESPONSE_LOST,
  /** A request to the table of records, reservations and signatures, or its response, is lost. */
  RECORDS_FAILED,
  /** The response of that table is lost, and its client repeats the request. */
  RECORDS_RESPONSE_LOST,
  /** Connecting to the upstream takes up to 3 s. */
  SLOW_CONNECT,
  /** A new process of SignFunction starts up to 1.7 s after the request. */
  SLOW_START,
  /** The clock of a process is seconds to an hour wrong, until it is corrected. */
  CLOCK_STEP,
  /** A call does not reach the upstream. */
  UPSTREAM_UNREACHABLE,
  /** The upstream signs, and its response is lost. */
  SIGNATURE_LOST,
  /** A receiver does not respond. */
  RECEIVER_HANGS,
  /** A receiver accepts a callback, and its response is lost. */
  RECEIPT_LOST
}
