package dev.signrelay.queue;

import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import java.time.Duration;
import java.util.List;

/**
 * The line, as DispatchFunction drains it: jobs in order of arrival, as far as the queue keeps it.
 *
 * <p>A {@code timeout} limits the whole call. Each method throws {@link QueueUnavailableException}
 * if the queue does not answer in time.
 */
public interface Line {

  /** The approximate number of jobs that wait. */
  long length(Duration timeout);

  /**
   * Receives the next messages.
   *
   * @param max 1 to 10
   * @param hold how long no other receive returns them; whole seconds
   * @return none, if no job waits
   */
  List<ReceivedMessage> receive(int max, Duration hold, Duration timeout);

  /**
   * Removes messages whose jobs have been sent on.
   *
   * @param messages 1 to 10
   */
  void remove(List<ReceivedMessage> messages, Duration timeout);

  /**
   * Lets other receives return messages at once.
   *
   * @param messages 1 to 10
   */
  void release(List<ReceivedMessage> messages, Duration timeout);
}
