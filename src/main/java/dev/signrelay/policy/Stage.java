package dev.signrelay.policy;

import dev.signrelay.job.Job;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one stage of a job, signing or delivery. The job is given up once both the attempts
 * and the time are used up.
 *
 * @param attempts at least 1
 * @param time from the stage's beginning, or from a redrive; zero: the attempts alone decide
 */
public record Stage(Backoff backoff, int attempts, Duration time) {

  public Stage {
    if (attempts < 1 || time.isNegative()) {
      throw new IllegalArgumentException("at least one attempt must be allowed");
    }
  }

  /**
   * Whether no attempt may follow the present one. Without a time, the attempts alone decide, even
   * if a clock is behind.
   */
  boolean isUsedUp(Job job, Instant now) {
    return job.attemptNumber() >= attempts && (time.isZero() || !timeLeft(job, now).isPositive());
  }

  /**
   * The delay after a failed attempt.
   *
   * @param retryAfter how long the reply asks to wait. It is limited to the stage's time that is
   *     left, or to the longest backoff if that is longer; null: the reply does not say
   * @param random in [0, 1), for the jitter
   */
  Duration delay(Job job, @Nullable Duration retryAfter, Instant now, double random) {
    if (retryAfter == null) {
      return backoff.delayAfter(job.attemptNumber(), random);
    }
    Duration left = timeLeft(job, now);
    Duration most = left.compareTo(backoff.max()) < 0 ? backoff.max() : left;
    Duration followed = retryAfter.compareTo(most) > 0 ? most : retryAfter;
    return backoff.delayAfter(job.attemptNumber(), random, followed);
  }

  private Duration timeLeft(Job job, Instant now) {
    return Duration.between(now, job.since().plus(time));
  }
}
