package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.util.List;

/**
 * Limits how many upstream calls begin in any 60 s, over all processes. First come, first served: a
 * later request never delays a grant that has been given.
 *
 * <p>Each method throws {@link LimiterUnavailableException} if the limiter does not answer in time.
 * Grants may have been taken, which then remain unused.
 */
public interface RateLimiter {

  /** The answer to a request for a grant. */
  sealed interface Answer {

    /** The grant was taken. */
    record Granted(Grant grant) implements Answer {}

    /**
     * The next grant is outside the window, or jobs in line come first; none was taken.
     *
     * @param nextIn the time until the next grant begins; not negative
     * @param expectedWait the estimated time until a job that joins the line now gets its grant;
     *     not negative
     */
    record Refused(Duration nextIn, Duration expectedWait) implements Answer {}
  }

  /**
   * The state of the line.
   *
   * @param free how many grants can be taken now; not negative
   * @param expectedWait as in {@link Answer.Refused}
   */
  record LineStatus(int free, Duration expectedWait) {}

  /**
   * Takes the next grant, if it begins in a window.
   *
   * @param timeout limits the whole call
   */
  Answer acquire(GrantWindow window, Duration timeout);

  /**
   * Claims a grant that was carried through a queue. Of all copies of a job that carry the same
   * grant, one claims it; the others have to acquire another.
   *
   * @param timeout limits the whole call
   * @return whether the grant may be used
   */
  boolean claim(Grant grant, Duration timeout);

  /**
   * Notes how many jobs wait in line, for estimates of the wait. Until the next note the estimate
   * subtracts the jobs that {@link #acquireForLine} takes off, and counts only the first that joins
   * an empty line.
   *
   * @param waiting not negative
   * @param window of the grants for these jobs
   * @param timeout limits the whole call
   */
  LineStatus noteLine(long waiting, GrantWindow window, Duration timeout);

  /**
   * Takes the next grants for jobs that leave the line, with one request.
   *
   * @param count at least 1
   * @param timeout limits the whole call
   * @return as many as begin in the window, at most {@code count}, in order
   */
  List<Grant> acquireForLine(int count, GrantWindow window, Duration timeout);

  /** It is unknown whether a call may begin. */
  final class LimiterUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LimiterUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
