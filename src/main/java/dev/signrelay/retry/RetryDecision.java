package dev.signrelay.retry;

import dev.signrelay.limit.Grant;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.retry.Job.NeedsSignature;
import java.time.Duration;
import java.time.Instant;

/**
 * What to do with a job next: {@link Deliver}, {@link Requeue}, {@link DeadLetter} or {@link
 * Complete}. Which of them are possible depends on what was just done.
 */
public sealed interface RetryDecision {

  /** SQS takes no longer {@code DelaySeconds} (Amazon SQS API reference, SendMessage). */
  Duration MAX_QUEUE_DELAY = Duration.ofSeconds(900);

  /** When a job has its grant: {@link Sign} or {@link Requeue}. */
  sealed interface BeforeSigning {}

  /** After a signing attempt. */
  sealed interface AfterSigning extends RetryDecision {}

  /** After a delivery. */
  sealed interface AfterDelivery extends RetryDecision {}

  /** Wait here for the grant, and call. */
  record Sign(NeedsSignature job, Grant grant) implements BeforeSigning {}

  /** There is a signature: deliver it now. */
  record Deliver(NeedsCallback job) implements AfterSigning {}

  /**
   * Put the job back into the queue.
   *
   * @param delay zero to {@link #MAX_QUEUE_DELAY}; a longer wait is in the job's {@code notBefore},
   *     and is waited out in hops
   */
  record Requeue(Job job, Duration delay) implements BeforeSigning, AfterSigning, AfterDelivery {

    /** Makes a job wait from now on, however long. */
    static Requeue after(Duration wait, Job job, Instant now) {
      return wait.compareTo(MAX_QUEUE_DELAY) > 0
          ? new Requeue(job.withNotBefore(now.plus(wait)), MAX_QUEUE_DELAY)
          : new Requeue(job.withNotBefore(null), wait);
    }
  }

  /**
   * Give the job up.
   *
   * @param job with its attempts reset, so that a redrive gives it a fresh start
   */
  record DeadLetter(Job job, DeadLetterReason reason) implements AfterSigning, AfterDelivery {}

  /** Delivered: nothing is left to do. */
  record Complete() implements AfterDelivery {}
}
