package dev.signrelay.limit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Stores the schedule that all processes share. Each operation is atomic. Each may throw {@link
 * RuntimeException} if the store does not answer; it may have been applied nevertheless, and a
 * grant then remains unused.
 */
interface ScheduleStore {

  /** The result of a conditional write. */
  sealed interface WriteResult {

    /** The write was applied. */
    record Applied(GrantSchedule current) implements WriteResult {}

    /**
     * The condition did not hold.
     *
     * @param current the schedule that is stored instead; null: none
     */
    record Conflict(@Nullable GrantSchedule current) implements WriteResult {}
  }

  /**
   * Takes one more grant, if the schedule's version is unchanged and the grant's number is within
   * bounds, both included. Other processes may have taken grants since the schedule was read.
   */
  WriteResult increment(GrantSchedule schedule, long least, long most);

  /**
   * Replaces a schedule, if no grant has been taken since it was read.
   *
   * @param expected null: if there is none
   */
  WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule next);

  /**
   * Marks a grant as used.
   *
   * @param forgetAfter when the mark may be deleted: the grant has then expired on every clock
   * @return false if it was marked before
   */
  boolean claim(String grantId, Instant forgetAfter);
}
