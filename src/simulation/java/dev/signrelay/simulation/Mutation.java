package dev.signrelay.simulation;

import java.time.Duration;

/**
 * Planted defects of the functions. Each is implemented by a service of the simulation, which then
 * does what a function with the defect would.
 */
enum Mutation {
  NONE,
  /** Messages are acknowledged whether or not their jobs are stored. */
  ACKNOWLEDGE_BEFORE_SEND,
  /** A request that the queue refused counts as stored. */
  SWALLOW_A_FAILED_SEND,
  /** The result of the first job of a request is used for all its jobs. */
  FIRST_RESULT_FOR_ALL,
  /** A job that is requeued after a failed delivery loses its signature. */
  DROP_THE_SIGNATURE_ON_REQUEUE,
  /** A further wait counts as an attempt. */
  COUNT_WAITS_AS_ATTEMPTS,
  /** The jitter starts at zero. */
  NO_JITTER_FLOOR,
  /** The upstream is called while the limiter is unavailable. */
  CALL_WITHOUT_LIMITER,
  /** A requeued job gets a new id. */
  NEW_ID_ON_REQUEUE,
  /** Attempts are not counted. */
  NO_CAP,
  /** A receiver is notified of a failure before the dead letter is stored. */
  NOTIFY_BEFORE_THE_DEAD_LETTER,
  /** The upstream has as much time in SignFunction as in RetryFunction. */
  WAIT_FOR_A_SLOW_UPSTREAM,
  /** The limit on a call of the limiter does not fire. */
  CALLS_NEVER_TIME_OUT,
  /** A response has the signature of another message. */
  WRONG_SIGNATURE,
  /** A drain run takes grants twice, and uses the last ones. */
  TAKE_GRANTS_TWICE,
  /** A drain run never notes that the line is empty. */
  NEVER_NOTE_AN_EMPTY_LINE,
  /** A process whose clock is wrong goes on. */
  STAY_WITH_A_WRONG_CLOCK,
  /** The lower of two limits that run side by side is ignored. */
  LOWER_LIMIT_IGNORED,
  /** A job that was called stays in line. */
  STAY_IN_LINE,
  /** A job does not know until when its result is wanted. */
  IGNORE_EXPIRY,
  /** A signature is delivered by the invocation that got it, before it is in the queue. */
  DELIVER_WHEN_SIGNED,
  /** A record says that the job failed before its dead letter is stored. */
  RECORD_BEFORE_THE_DEAD_LETTER,
  /** A record says that a signature is delivered as soon as there is one. */
  RECORD_A_DELIVERY_AHEAD,
  /** A record replaces any other, also a later one. */
  LAST_RECORD_WINS,
  /** A record that could not be written counts as written. */
  SWALLOW_A_FAILED_RECORD,
  /** Each request with a key is answered, also a repeat. */
  RESERVE_FOR_ALL,
  /** A key that was used for another request is that of this one. */
  IGNORE_THE_FINGERPRINT,
  /** A call is made without the lease of its message. */
  CALL_WITHOUT_LEASE,
  /** All messages have the same signature. */
  ONE_SIGNATURE_FOR_ALL;

  /** The limit of a process, with the defect. */
  int limit(int calls, Releases releases) {
    return calls > 0 && this == LOWER_LIMIT_IGNORED
        ? releases.all().stream().mapToInt(Releases.Release::calls).max().orElseThrow()
        : calls;
  }

  /** The time limit of a call, with the defect. */
  Duration timeLimit(Duration limit) {
    return this == CALLS_NEVER_TIME_OUT && limit.isPositive() ? Duration.ofHours(1) : limit;
  }
}
