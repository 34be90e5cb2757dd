package dev.signrelay.queue;

import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import java.time.Duration;
import java.util.List;

/**
 * The line, as DispatchFunction drains it: jobs in order of arrival, as far as the queue keeps it.
 *
 * <p>Each method throws {@link QueueUnavailableException} if the queue does not answer in time.
 */
public interface Line {

  /**
   * A job that was received and stays in line until it is removed. If it is not removed in time, it
   * is received again.
   *
   * @param id the id that SQS gave the message; unrelated to the job's id
   * @param receipt identifies this receipt of the message
   * @param body of the message
   * @param redriven whether SQS had moved the message to the dead-letter queue, and an operator
   *     moved it back
   */
  record Waiting(String id, String receipt, String body, boolean redriven) {

    /** Omits the body, which must not reach a log. */
    @Override
    public String toString() {
      return "Waiting[id=" + id + "]";
    }
  }

  /**
   * The approximate number of jobs that wait.
   *
   * @param timeout limits the whole call
   */
  long length(Duration timeout);

  /**
   * Receives the next jobs.
   *
   * @param max 1 to 10
   * @param timeout limits the whole call
   * @return none, if no job waits
   */
  List<Waiting> receive(int max, Duration timeout);

  /**
   * Removes jobs that have been sent on.
   *
   * @param jobs 1 to 10
   * @param timeout limits the whole call
   */
  void remove(List<Waiting> jobs, Duration timeout);
}
