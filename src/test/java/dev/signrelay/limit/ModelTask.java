package dev.signrelay.limit;

/** What an operation of a process does with the limiter. */
sealed interface ModelTask {

  /** SignFunction or RetryFunction signs a job that is not in line. */
  record Sign() implements ModelTask {}

  /** A drain run takes grants for jobs in line. */
  record Line(int jobs) implements ModelTask {}

  /** A drain run notes the number of jobs in line. */
  record Note(long waiting) implements ModelTask {}
}
