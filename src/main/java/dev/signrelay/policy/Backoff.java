package dev.signrelay.policy;

import java.time.Duration;

/**
 * Exponential backoff with jitter. The delay after attempt n lies between {@code base × 2^(n-1)}
 * and twice that, so no delay is shorter than the one before it. A delay that would be longer than
 * {@code max} is {@code max}, without jitter.
 *
 * @param base the shortest first delay; more than zero
 * @param max the longest delay; at least {@code base}
 */
public record Backoff(Duration base, Duration max) {

  /** After so many doublings, a base of a second or more exceeds every allowed max. */
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
   * The delay after a failed attempt.
   *
   * @param attempt the number of the failed attempt, from 1
   * @param random in [0, 1): the position of the delay within its interval
   */
  public Duration delayAfter(int attempt, double random) {
    Duration floor = capped(base.multipliedBy(1L << Math.min(attempt - 1, MAX_DOUBLINGS)));
    return capped(floor.plusNanos((long) (floor.toNanos() * random)));
  }

  /**
   * The delay after a failed attempt whose reply has {@code Retry-After}: never shorter than the
   * backoff, and up to {@code base} longer than requested, because other calls may have been given
   * the same date. {@link Stage#delay} bounds the requested wait, {@code max} does not.
   */
  Duration delayAfter(int attempt, double random, Duration retryAfter) {
    Duration delay = delayAfter(attempt, random);
    if (retryAfter.compareTo(delay) <= 0) {
      return delay;
    }
    Duration jittered = retryAfter.plusNanos((long) (base.toNanos() * random));
    return jittered.compareTo(delay) > 0 ? jittered : delay;
  }

  private Duration capped(Duration delay) {
    return delay.compareTo(max) > 0 ? max : delay;
  }
}
