package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Limits how many upstream calls begin in any 60 s, over all processes. A process takes a grant for
 * each call, shortly before the call begins. While jobs wait in line, only they are granted calls.
 *
 * <p>A {@code timeout} limits the whole call of a method. The method throws {@link
 * LimiterUnavailableException} if the limiter fails or does not answer in time. Grants that were
 * taken nevertheless remain unused.
 */
public interface RateLimiter {

  sealed interface GrantAnswer {

    record Granted(Grant grant) implements GrantAnswer {}

    /**
     * No grant was taken: no call is free in time, or jobs wait in line.
     *
     * @param line the wait of a job that joins the line now
     */
    record Refused(LineWait line) implements GrantAnswer {}
  }

  /**
   * The wait of a job that joins the line.
   *
   * @param expected the estimated time until its call; not negative
   * @param isKnown false if no drain run has noted the length of the line for three minutes. The
   *     estimate must then not be used.
   */
  record LineWait(Duration expected, boolean isKnown) {}

  /**
   * The calls that jobs in line can take.
   *
   * @param free how many begin within the requested wait; not negative
   * @param nextIn the time until the next free call; not negative
   */
  record FreeCalls(int free, Duration nextIn) {}

  /**
   * Takes the next grant, if no job waits in line and the grant begins in time. After a refusal,
   * later requests may take the next grant before this one's job, until {@link #noteJoined}.
   *
   * @param wait the grant begins at most this long after the answer is expected; zero to 2 s
   */
  GrantAnswer acquire(Duration wait, Duration timeout);

  /**
   * Notes that jobs that were refused have joined the line. Requests outside the line are then
   * refused, and the waits of later jobs are estimated behind them.
   *
   * @param jobs at least 1
   */
  default void noteJoined(int jobs, Duration timeout) {}

  /**
   * The calls that are free for jobs in line. A schedule that this process saw in the last 10 s is
   * not read again.
   *
   * @param wait calls that begin at most this long from now count
   */
  FreeCalls freeCalls(Duration wait, Duration timeout);

  /**
   * Takes the next grants together, for jobs that this process has received from the line.
   *
   * @param count at least 1
   * @param wait as in {@link #acquire}
   * @return at most {@code count}, in order; empty: no call is free in time
   */
  List<Grant> acquireForLine(int count, Duration wait, Duration timeout);

  /**
   * Notes how many jobs wait in line. Until the next note, the estimated wait takes account of jobs
   * in line that are granted calls, and of jobs that join it ({@link #noteJoined}).
   *
   * @param waiting not negative
   * @return the estimated wait of a job that joins the line now
   */
  Duration noteLine(long waiting, Duration timeout);

  /**
   * Notes that the line is empty, unless that is noted or another run has noted the line since.
   *
   * @param noted when the caller last noted the line
   * @return the time of this note; {@code noted} if none was made
   */
  default Instant noteEmpty(Instant noted, Duration timeout) {
    return noted;
  }

  /** When the line was last noted, as this process last saw it; {@link Instant#MIN}: unknown. */
  default Instant lastNote() {
    return Instant.MIN;
  }

  /**
   * Whether at least the last two requests failed because this process's clock is wrong. Such a
   * process must end, so that Lambda starts another one.
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
