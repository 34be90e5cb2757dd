package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Limits how many upstream calls begin in any 60 s, over all processes. A grant is taken by the
 * process that calls, when the call may begin. First come, first served: while jobs wait in line,
 * only they are granted calls.
 *
 * <p>A method's {@code timeout} limits the whole call. It throws {@link
 * LimiterUnavailableException} if the limiter does not answer in time. Grants may have been taken,
 * which then remain unused.
 */
public interface RateLimiter {

  sealed interface GrantAnswer {

    record Granted(Grant grant) implements GrantAnswer {}

    /**
     * No call is free, or jobs in line come first; none was taken.
     *
     * @param line what a job that joins the line can expect
     */
    record Refused(LineWait line) implements GrantAnswer {}
  }

  /**
   * The wait of a job that joins the line.
   *
   * @param expected the estimated time until its call; not negative
   * @param isKnown false if no drain run has noted the length of the line for three minutes, and
   *     perhaps no run comes: then the estimate is not to be used
   */
  record LineWait(Duration expected, boolean isKnown) {}

  /**
   * The calls that jobs in line can take.
   *
   * @param free how many begin soon; not negative
   * @param nextIn the time until the next one begins; not negative
   */
  record FreeCalls(int free, Duration nextIn) {}

  /**
   * Takes the next grant, if no job waits in line and it begins soon. If it is refused, later
   * requests may take the next call, until {@link #noteJoined}.
   *
   * @param wait the grant begins at most this long after the answer is expected; not negative
   */
  GrantAnswer acquire(Duration wait, Duration timeout);

  /**
   * Notes a job that was refused and has joined the line: none that comes later is granted a call
   * before it, and those of this process expect their calls behind it.
   */
  default void noteJoined(Duration timeout) {}

  /**
   * The calls that are free for jobs in line, as this process last saw it, or as they are if that
   * was more than some seconds ago.
   *
   * @param wait the longest time until a call that counts
   */
  FreeCalls freeCalls(Duration wait, Duration timeout);

  /**
   * Takes the next grants for jobs in line that this process holds, with one request.
   *
   * @param count at least 1
   * @param wait as in {@link #acquire}
   * @return as many as begin soon, in order
   */
  List<Grant> acquireForLine(int count, Duration wait, Duration timeout);

  /**
   * Notes how many jobs wait in line. Until the next note the estimate subtracts the jobs that are
   * granted calls, and counts those that this process sends into it ({@link #noteJoined}), and the
   * first that joins an empty line.
   *
   * @param waiting not negative
   * @return the estimated wait of a job that joins the line now
   */
  Duration noteLine(long waiting, Duration timeout);

  /**
   * Notes that the line is empty, unless that is noted, or another run has noted the line since.
   *
   * @param noted when the caller last noted the line
   * @return when it has noted it; {@code noted} if it has not
   */
  default Instant noteEmpty(Instant noted, Duration timeout) {
    return noted;
  }

  /** When the line was last noted, as this process last saw it; {@link Instant#MIN}: unknown. */
  default Instant lastNote() {
    return Instant.MIN;
  }

  /**
   * Whether the limiter refused this process's last two requests or more, because its clock is
   * wrong. Such a process must end, so that Lambda starts another one.
   */
  default boolean refusesClock() {
    return false;
  }

  final class LimiterUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LimiterUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
