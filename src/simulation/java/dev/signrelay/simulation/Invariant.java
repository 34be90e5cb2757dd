package dev.signrelay.simulation;

/** What holds whatever goes wrong. */
enum Invariant {
  /** A job that the client was told is queued is delivered, or dead with its reason. */
  NO_JOB_LOST,
  /** Never more than N calls reach the upstream in 60 s. */
  LIMIT_KEPT,
  /** Who has got a signature does not ask for it again, unless a fault lost it. */
  SIGNED_ONCE,
  /** Delays grow up to the longest, and are waited out. */
  DELAYS_GROW,
  /** Every callback of a job carries the id that its client was told. */
  ONE_ID,
  /** A job is given up after as many attempts as are allowed, no more and no fewer. */
  ATTEMPTS_COUNTED,
  /** A receiver that may be told that its job is given up is told once, after the dead letter. */
  NOTIFIED_ONCE,
  /** A client has its answer within two seconds, unless the process stood still. */
  ANSWERED_IN_TIME,
  /** Nothing goes round for ever. */
  CHAIN_ENDS,
  /** Nothing fails in a way that nobody planned for. */
  NOTHING_UNEXPECTED
}
