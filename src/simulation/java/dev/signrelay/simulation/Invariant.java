package dev.signrelay.simulation;

/** The invariants, which hold under all faults. */
enum Invariant {
  /** A job whose response said {@code queued} is delivered, or dead-lettered with its reason. */
  NO_JOB_LOST,
  /** A message is acknowledged only if its job is delivered or its next state is stored. */
  STORED_BEFORE_ACKNOWLEDGED,
  /** A job has a signature in the queue before the first delivery. */
  STORED_BEFORE_DELIVERY,
  /** At most N calls reach the upstream in any 60 s. */
  LIMIT_KEPT,
  /** While an operator pauses the calls, none reaches the upstream. */
  PAUSE_KEPT,
  /** A signed job is not signed again, unless a fault lost the signature. */
  SIGNED_ONCE,
  /** Delays grow up to the maximum and are kept. */
  DELAYS_GROW,
  /** Every callback of a job has the id of the response. */
  ONE_ID,
  /**
   * A job is dead-lettered when its attempts and its time are used up: without a time, after
   * exactly the allowed number of attempts.
   */
  ATTEMPTS_COUNTED,
  /**
   * A job that is dead-lettered without a signature had exactly as many calls as the dead letter
   * says.
   */
  HONEST,
  /** While jobs wait and after faults are over, the upstream is called again soon. */
  LIVE,
  /** Without faults, a request that finds a free call and no line is not queued without a call. */
  FREE_CALL_USED,
  /** No call or delivery begins for a job that has expired, and none expires early. */
  EXPIRED_ENDS,
  /** Without faults, a line drains at the rate of the limit. */
  SHARE,
  /** A job is delivered once, unless a fault made SQS or a function repeat it. */
  DELIVERED_ONCE,
  /** A response or a callback has the signature of its message, and a response may have none. */
  BODY,
  /**
   * A record never says more than happened. What is signed or delivered stays so; what failed or
   * expired does, unless it is redriven or a copy of the job is left.
   */
  RECORD_HONEST,
  /**
   * A key stays that of its first request. Its repeats make no second job, and a second copy of the
   * job only after a fault.
   */
  ONE_JOB_PER_KEY,
  /**
   * A job without a callback URL whose response said {@code queued} ends with its signature in its
   * record, or dead-lettered, which the record says.
   */
  PROMISE_KEPT,
  /** If signatures are reused, no call begins for a message that is signed or being signed. */
  CALL_SHARED,
  /** A receiver is notified of a failure once, after the dead letter is stored. */
  NOTIFIED_ONCE,
  /** A client has its response within 2 s, unless the process froze. */
  ANSWERED_IN_TIME,
  /** Every job ends within four days of virtual time. */
  EVERY_JOB_ENDS,
  /** No message fails without a fault. */
  NO_UNEXPLAINED_FAILURE
}
