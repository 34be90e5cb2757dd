package dev.signrelay.queue;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.policy.RetryDecision.Requeue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The queues in which jobs wait for their next attempt, and the dead-letter queue.
 *
 * <p>A {@code timeout} limits the whole call. A method throws {@link QueueUnavailableException} if
 * the queue did not confirm a message in time. The queue may have stored the message nevertheless.
 * If the caller then repeats the step, the job is in the queue twice.
 */
public interface JobQueues {

  /** Sends a job to its queue. Its delay is rounded up to whole seconds. */
  void send(Requeue job, Duration timeout);

  /**
   * Sends jobs in as few requests as possible.
   *
   * @param jobs 1 to 10 (Amazon SQS API reference, SendMessageBatch)
   * @return for each job, in order, why it is not known to be stored; empty: it is stored
   */
  List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout);

  /** Sends a job to the dead-letter queue. */
  void deadLetter(Job job, DeadLetterReason reason, Duration timeout);

  /**
   * Sends a message that is not a job to the dead-letter queue, unchanged.
   *
   * @param error why it is not a job
   */
  void deadLetter(ReceivedMessage message, String error, Duration timeout);

  final class QueueUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueueUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
