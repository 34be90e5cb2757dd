package dev.signrelay.limit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where the one schedule is that all processes share. Each operation happens at once or not at all,
 * whoever else is at it. Every one may throw {@link RuntimeException} if the store does not answer;
 * it may have happened all the same, which costs a grant that nobody uses.
 */
interface ScheduleStore {

  /** What became of a write. */
  sealed interface Written {

    /** It is what is stored now. */
    record Stored(GrantSchedule current) implements Written {}

    /**
     * The condition did not hold.
     *
     * @param current what is stored instead; null: nothing
     */
    record Refused(@Nullable GrantSchedule current) implements Written {}
  }

  /**
   * Counts one more grant, if the schedule is still of this version and the grant's number is
   * within bounds, both included. Others may have counted since it was read.
   */
  Written count(GrantSchedule schedule, long least, long most);

  /**
   * Replaces a schedule, if not one grant has been given since it was read.
   *
   * @param expected null: if there is none
   */
  Written replace(@Nullable GrantSchedule expected, GrantSchedule next);

  /**
   * Notes that a grant is used.
   *
   * @param forgetAfter when nobody can come with it any more
   * @return false if that had been noted before
   */
  boolean claim(String grantId, Instant forgetAfter);

  /** Does ahead of time what would slow down the first operation. Sends nothing. */
  void prepare();
}
