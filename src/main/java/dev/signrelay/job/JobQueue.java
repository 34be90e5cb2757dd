package dev.signrelay.job;

/** The queues in which jobs wait. */
public enum JobQueue {
  /** Jobs without a signature that wait for a retry, and redriven jobs. */
  RETRY,
  /**
   * Jobs with a signature, and expired jobs whose receivers are notified. The queue is separate so
   * that slow receivers do not delay upstream calls.
   */
  CALLBACK,
  /**
   * The line: jobs without a signature that need a grant for their next call, roughly in order of
   * arrival. DispatchFunction makes their next attempts.
   */
  LINE
}
