package dev.signrelay.queue;

import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import java.time.Duration;
import java.util.List;

/**
 * The line, as DispatchFunction drains it. Its order is roughly the order of arrival: SQS does not
 * guarantee more (Amazon SQS developer guide, "Amazon SQS standard queues").
 *
 * <p>A {@code timeout} limits the whole call. Each method throws {@link QueueUnavailableException}
 * if the queue does not answer in time, or refuses a message twice.
 */
public interface Line {

  /** The approximate number of messages that can be received. */
  long length(Duration timeout);

  /**
   * Receives the next messages.
   *
   * @param max 1 to 10
   * @param hold how long the messages are hidden from other receives; whole seconds
   * @return empty: the queue has no message
   */
  List<ReceivedMessage> receive(int max, Duration hold, Duration timeout);

  /**
   * Deletes messages whose jobs are complete, dead-lettered or stored in another queue.
   *
   * @param messages 1 to 10
   */
  void remove(List<ReceivedMessage> messages, Duration timeout);

  /**
   * Ends the hold of messages, so that they can be received again at once.
   *
   * @param messages 1 to 10
   */
  void release(List<ReceivedMessage> messages, Duration timeout);
}
