package dev.signrelay.limit;

import java.time.Instant;

/**
 * What all processes share.
 *
 * @param askedAt when a process whose limit is the schedule's last asked. A higher limit has to
 *     wait until nobody has asked for some time.
 * @param waiting the number of jobs in line, as DispatchFunction last noted it, less those that
 *     left since; 1 if a job joined after none was noted
 * @param token of the request that took the last grants; empty: none did
 */
record LimiterState(GrantSchedule schedule, Instant askedAt, long waiting, String token) {

  /**
   * The state with another schedule. No request has the token of its last grants: a repetition of
   * the request before must not be given them.
   */
  LimiterState withSchedule(GrantSchedule next) {
    return new LimiterState(next, askedAt, waiting, "");
  }

  LimiterState askedAt(Instant time) {
    return new LimiterState(schedule, time, waiting, token);
  }

  /** When a job that joins the line now can expect its grant. */
  Instant expected() {
    return schedule.time(schedule.granted() + waiting);
  }
}
