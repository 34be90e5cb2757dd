package dev.signrelay.retry;

import java.time.Duration;

/**
 * Exponential backoff with jitter. The wait after attempt n lies between {@code base × 2^(n-1)} and
 * twice that, so no wait is ever shorter than the one before it. It ends at {@code max}, without
 * jitter there.
 *
 * @param base the shortest first wait, more than zero
 * @param max the longest wait, at least {@code base}
 */
public record Backoff(Duration base, Duration max) {

  /** Doublings after which any base of a second or more is past any max we allow. */
  private static final int MAX_DOUBLINGS = 30;

  public Backoff {
    if (!base.isPositive()) {
      throw new IllegalArgumentException("base must be more than zero");
    }
    if (max.compareTo(base) < 0) {
      throw new IllegalArgumentException("max must be at least base");
    }
  }

  /**
   * The wait after a failed attempt.
   *
   * @param attempt the one that failed, from 1
   * @param random in [0, 1): how far into its interval the wait lies
   */
  public Duration delayAfter(int attempt, double random) {
    Duration floor = capped(base.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS)));
    return capped(floor.plusNanos((long) (floor.toNanos() * random)));
  }

  /**
   * The wait after a failed attempt whose answer asked for one: never shorter than the backoff,
   * never longer than {@code max}, and up to {@code base} longer than was asked for, since others
   * may have been given the same date.
   */
  Duration delayAfter(int attempt, double random, Duration retryAfter) {
    Duration delay = delayAfter(attempt, random);
    if (retryAfter.compareTo(delay) <= 0) {
      return delay;
    }
    return capped(capped(retryAfter).plusNanos((long) (base.toNanos() * random)));
  }

  private Duration capped(Duration delay) {
    return delay.compareTo(max) > 0 ? max : delay;
  }
}
