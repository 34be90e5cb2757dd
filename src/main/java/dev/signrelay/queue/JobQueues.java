package dev.signrelay.queue;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.policy.RetryDecision.Requeue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The queues in which jobs wait for their next attempt, and the dead-letter queue. */
public interface JobQueues {

  /**
   * Sends a job to its queue. When this returns, the queue has stored it.
   *
   * @param job its delay is rounded up to whole seconds
   * @param timeout limits the whole call
   * @throws QueueUnavailableException if the queue did not confirm the job in time. It may have
   *     stored it all the same: the job is then delivered twice.
   */
  void send(Requeue job, Duration timeout);

  /**
   * Sends jobs in as few requests as possible.
   *
   * @param timeout limits the whole call
   * @return for each job, in order, why it is not known to be stored; empty: it is stored
   */
  List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout);

  /**
   * Sends a job that was dead-lettered, with its reason, to the dead-letter queue.
   *
   * @param timeout limits the whole call
   * @throws QueueUnavailableException as {@link #send}
   */
  void deadLetter(Job job, DeadLetterReason reason, Duration timeout);

  /**
   * Sends a message that is not a job to the dead-letter queue, as it is.
   *
   * @param error why it is not a job
   * @param timeout limits the whole call
   * @throws QueueUnavailableException as {@link #send}
   */
  void deadLetter(ReceivedMessage message, String error, Duration timeout);

  /** The queue did not confirm a request. */
  final class QueueUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueueUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
