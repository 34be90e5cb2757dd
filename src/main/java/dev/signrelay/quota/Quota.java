package dev.signrelay.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How many jobs each client may store in a clock hour (UTC), over all processes.
 *
 * <p>While the table answers, no client stores more, except by a job that is given back: its send
 * failed, but it may be in the queue nevertheless, and a repeated write may give it back twice. A
 * client may store fewer: a repeated write counts twice.
 */
public interface Quota {

  /**
   * Counts a job, if its client has not used up the hour's quota.
   *
   * @param client not empty
   * @param now determines the hour
   * @param timeout limits the whole call
   * @return false: the quota is used up, and the job is not counted
   * @throws QuotaUnavailableException if the table does not answer in time. The job may be counted.
   */
  boolean take(String client, Instant now, Duration timeout);

  /**
   * Uncounts a job that was not stored.
   *
   * @param taken when it was counted
   * @param timeout limits the whole call
   * @throws QuotaUnavailableException if the table does not answer in time
   */
  void giveBack(String client, Instant taken, Duration timeout);

  /** The time until the next hour begins. Positive, and at most an hour. */
  static Duration untilNextHour(Instant now) {
    return Duration.between(now, now.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS));
  }

  /** It is unknown how much of its quota a client has used. */
  final class QuotaUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QuotaUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
