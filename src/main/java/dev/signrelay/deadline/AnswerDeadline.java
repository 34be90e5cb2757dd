package dev.signrelay.deadline;

import java.time.Duration;
import java.time.Instant;

/**
 * How the 2 s that a client waits for an answer are divided.
 *
 * @param start when the client began to wait
 */
public record AnswerDeadline(Instant start) {

  /** API Gateway waits no longer than this (its quota for an integration). */
  private static final Duration OLDEST_REQUEST = Duration.ofSeconds(30);

  /** The most that a slow start takes off the upstream's time. */
  private static final Duration MAX_START_DELAY = Duration.ofSeconds(1);

  /** Leaves 150 ms for the way in and out. */
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(1_850);

  /** After that the rate limiter counts as down, and there is time to tell the queue. */
  private static final Duration LIMITER_TIMEOUT = Duration.ofMillis(500);

  /** What the upstream call leaves of that to the queue, at least. */
  private static final Duration QUEUE_RESERVE = Duration.ofMillis(400);

  /**
   * Of a request that API Gateway received at a time of its own clock. A time that is ahead of
   * ours, or longer ago than anyone waits, is a sample event's, and the client begins to wait now.
   */
  public static AnswerDeadline of(Instant received, Instant now) {
    if (received.isAfter(now) || received.isBefore(now.minus(OLDEST_REQUEST))) {
      return new AnswerDeadline(now);
    }
    Instant earliest = now.minus(MAX_START_DELAY);
    return new AnswerDeadline(received.isBefore(earliest) ? earliest : received);
  }

  /** What asking the rate limiter may take, out of the upstream's time. */
  public Duration limiterTimeout(Instant now) {
    return upstreamTimeout(LIMITER_TIMEOUT, now);
  }

  /**
   * What the upstream call may take.
   *
   * @param setting the most it may take; what is returned is no longer, and may be zero or less
   */
  public Duration upstreamTimeout(Duration setting, Instant now) {
    return TimeLimit.shorter(setting, left(ANSWER_WITHIN.minus(QUEUE_RESERVE), now));
  }

  /** What the queue may take: what is left. */
  public Duration queueTimeout(Instant now) {
    return left(ANSWER_WITHIN, now);
  }

  private Duration left(Duration of, Instant now) {
    return of.minus(Duration.between(start, now));
  }
}
