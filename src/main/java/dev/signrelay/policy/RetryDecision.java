package dev.signrelay.policy;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.JobQueue;
import java.time.Duration;
import java.time.Instant;

/** What to do next with a job. */
public sealed interface RetryDecision {

  /** The longest {@code DelaySeconds} (Amazon SQS API reference, SendMessage). */
  Duration MAX_QUEUE_DELAY = Duration.ofSeconds(900);

  /** What can follow an attempt to sign. */
  sealed interface AfterSigning extends RetryDecision {}

  record Deliver(NeedsCallback job) implements AfterSigning {}

  /**
   * @param delay zero to {@link #MAX_QUEUE_DELAY}. A longer wait is in the job's {@code notBefore}:
   *     the job is requeued until then.
   */
  record Requeue(Job job, JobQueue queue, Duration delay) implements AfterSigning {

    /** Sends a job to the queue of its next attempt. */
    public Requeue(Job job, Duration delay) {
      this(job, job instanceof NeedsCallback ? JobQueue.CALLBACK : JobQueue.RETRY, delay);
    }

    /**
     * When the job's next attempt may begin. In line it also waits for a free call.
     *
     * @param now when the job is sent
     */
    public Instant due(Instant now) {
      Instant due = job.notBefore();
      return due == null ? now.plus(delay) : due;
    }

    /** Makes a job wait from now on, for any duration, but not longer than its result is wanted. */
    static Requeue after(Duration longest, Job job, Instant now) {
      Instant end = job.acceptance().validUntil();
      boolean endsBefore = end != null && end.isBefore(now.plus(longest));
      Duration wait = endsBefore ? Duration.between(now, end) : longest;
      if (wait.isNegative()) {
        return new Requeue(job.withNotBefore(null), Duration.ZERO);
      }
      return wait.compareTo(MAX_QUEUE_DELAY) > 0
          ? new Requeue(job.withNotBefore(now.plus(wait)), MAX_QUEUE_DELAY)
          : new Requeue(job.withNotBefore(null), wait);
    }
  }

  /**
   * @param job with its attempts reset: a redrive begins with attempt 1
   */
  record DeadLetter(Job job, DeadLetterReason reason) implements AfterSigning {}

  record Complete() implements RetryDecision {}
}
