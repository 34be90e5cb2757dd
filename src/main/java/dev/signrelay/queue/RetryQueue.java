package dev.signrelay.queue;

import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where jobs wait for their next step, and where those that were given up end. */
public interface RetryQueue {

  /**
   * Stores a job. When this returns, the queue has it.
   *
   * @param delay before it comes out; at most 900 s, rounded up to whole seconds
   * @param timeout over the whole call
   * @throws QueueUnavailableException if the queue did not say in time that it has the job. It may
   *     have it all the same: the job then comes out twice.
   */
  void send(Job job, Duration delay, Duration timeout);

  /**
   * Stores jobs that go back at the same time, in as few requests as can be.
   *
   * @param timeout over the whole call
   * @return for each job, in order, why it is not known to be in the queue; empty: it is there
   */
  default List<Optional<QueueUnavailableException>> sendAll(List<Requeue> jobs, Duration timeout) {
    return jobs.stream().map(job -> trySend(job, timeout)).toList();
  }

  private Optional<QueueUnavailableException> trySend(Requeue job, Duration timeout) {
    try {
      send(job.job(), job.delay(), timeout);
      return Optional.empty();
    } catch (QueueUnavailableException e) {
      return Optional.of(e);
    }
  }

  /**
   * Stores a job that is given up, with its reason.
   *
   * @param timeout over the whole call
   * @throws QueueUnavailableException as {@link #send}
   */
  void deadLetter(Job job, DeadLetterReason reason, Duration timeout);

  /** Does ahead of time what would slow down the first send. Sends nothing. */
  void prepare();

  /** Whether there is nothing to {@link #prepare} (any more). */
  default boolean isPrepared() {
    return true;
  }

  /** The queue did not confirm that it has the job. */
  final class QueueUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueueUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
