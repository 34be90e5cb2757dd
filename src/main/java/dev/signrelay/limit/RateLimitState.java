package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What all processes share.
 *
 * @param askedAt when a process whose limit is the schedule's last asked. A higher limit has to
 *     wait until nobody has asked for some time.
 * @param waiting the number of jobs in line, as a drain run last noted it, less those that were
 *     granted a call since; 1 if a job joined after none was noted
 * @param notedAt when a drain run last noted the number
 * @param token of the request that took the last grants; empty: none did
 */
record RateLimitState(
    GrantSchedule schedule, Instant askedAt, long waiting, Instant notedAt, String token) {

  /** An older note of the line's length is out of date: runs begin every minute. */
  static final Duration NOTE_HOLDS = Duration.ofMinutes(3);

  /**
   * The state with another schedule. No request has the token of its last grants: a repetition of
   * the request before must not be given them.
   */
  RateLimitState withSchedule(GrantSchedule next) {
    return new RateLimitState(next, askedAt, waiting, notedAt, "");
  }

  /**
   * @param time null: unchanged
   */
  RateLimitState askedAt(@Nullable Instant time) {
    return time == null ? this : new RateLimitState(schedule, time, waiting, notedAt, token);
  }

  boolean isNoted(Instant now) {
    return now.isBefore(notedAt.plus(NOTE_HOLDS));
  }
}
