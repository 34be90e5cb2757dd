package dev.signrelay.job;

/** The queues in which jobs wait. */
public enum JobQueue {
  /** Jobs without a signature that wait for a retry, and those that are redriven. */
  RETRY,
  /**
   * Jobs with a signature, for every delivery, and expired ones whose receivers are notified. Slow
   * receivers delay no upstream call.
   */
  CALLBACK,
  /**
   * The line: jobs without a signature that wait for the rate limit, in order of arrival.
   * DispatchFunction makes their next attempts.
   */
  LINE
}
