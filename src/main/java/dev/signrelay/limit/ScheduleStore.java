package dev.signrelay.limit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Stores the state that all processes share. Each operation is atomic, and throws a {@link
 * RuntimeException} if the store does not answer. It may have been applied nevertheless; grants
 * that it took then remain unused. It also throws if this process's clock differs too much from the
 * store's: see {@link ClockCheck}.
 */
interface ScheduleStore {

  /** The result of a conditional write. */
  sealed interface WriteResult {

    /** The state after the request; null: there is none. */
    @Nullable RateLimitState current();

    record Applied(RateLimitState current) implements WriteResult {}

    /** The condition did not hold. */
    record Conflict(@Nullable RateLimitState current) implements WriteResult {}
  }

  /** Where the jobs wait for which grants are taken. */
  enum Place {
    /** In line. The number of jobs in line is reduced by the grants. */
    IN_LINE,
    /** Outside the line. They get no grant while jobs wait in line. */
    BEHIND_LINE
  }

  /**
   * A request for the next grants.
   *
   * @param last the state as it was last seen
   * @param count how many; at least 1
   * @param most the highest number that the last of them may have
   * @param token identifies the request: the store's client may repeat it if its answer is lost
   * @param place of the jobs that the grants are for
   * @param askedAt the new {@code askedAt}; null: unchanged
   */
  record Take(
      RateLimitState last,
      int count,
      long most,
      String token,
      Place place,
      @Nullable Instant askedAt) {}

  /** Null: there is no state. */
  @Nullable RateLimitState read();

  /**
   * Takes grants, if the schedule's version is unchanged, their numbers are not higher than {@code
   * most}, and, for jobs outside the line, no job waits in line. Other processes may have taken
   * grants since the state was read. A request is refused if the state has its token already: the
   * store's client has repeated it.
   */
  WriteResult take(Take request);

  /**
   * Replaces a state, if its schedule is unchanged, no drain run has noted the line since, and no
   * larger number of jobs in line is noted.
   *
   * @param expected the state to replace; null: there is none
   */
  WriteResult replace(@Nullable RateLimitState expected, RateLimitState next);

  /**
   * Notes the number of jobs in line, if there is a state and no larger number than {@code most} is
   * noted.
   *
   * @param notedAt the new {@code notedAt}; null: unchanged
   * @param askedAt the new {@code askedAt}; null: unchanged
   */
  WriteResult note(long waiting, long most, @Nullable Instant notedAt, @Nullable Instant askedAt);

  /**
   * Adds to the number of jobs in line, if there is a state and the number is positive. A repeated
   * request adds again.
   *
   * @param joined not negative
   * @param askedAt the new {@code askedAt}; null: unchanged
   */
  WriteResult add(long joined, @Nullable Instant askedAt);
}
