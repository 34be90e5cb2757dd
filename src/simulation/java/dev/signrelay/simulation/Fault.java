package dev.signrelay.simulation;

/** What can go wrong around the functions. */
enum Fault {
  /** A message comes out of the queue twice. */
  DUPLICATE,
  /** A message comes out minutes after its delay. */
  LATE_MESSAGE,
  /** Messages come out in another order than they were ready in. */
  DISORDER,
  /** The queue does not take a message. */
  SEND_FAILED,
  /** The queue takes a message, and nobody hears of it. */
  SEND_UNCONFIRMED,
  /** The queue takes a message long after the sender gave up waiting. */
  SEND_LATE,
  /** Lambda does not get to delete what was finished. */
  DELETE_FAILED,
  /** Lambda has no room for an invocation. */
  THROTTLE,
  /** A process dies with all that it is at work on. */
  CRASH,
  /** A process stands still, maybe until Lambda's timeout ends it. */
  FREEZE,
  /** The limiter's table does not do what it is asked, or does it and nobody hears of it. */
  TABLE_FAILED,
  /** A call does not reach the upstream. */
  UPSTREAM_UNREACHABLE,
  /** The upstream signs, and nobody gets the signature. */
  SIGNATURE_LOST,
  /** A receiver takes a callback, and nobody gets its answer. */
  RECEIPT_LOST
}
