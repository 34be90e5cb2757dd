package dev.signrelay.client;

import java.time.Duration;

/**
 * The places in line that each client has, over all processes. A client takes a place when its job
 * joins the line, and has it until the estimated time at which the job leaves.
 *
 * <p><b>How exact this is.</b> While the table answers, no job gets a place beyond the bound. The
 * places are those of jobs that SignFunction puts in line; a job that comes back after a failed
 * attempt has none. A place is kept for up to an eighth of the wait, and up to a minute, longer
 * than estimated ({@link PlacesTaken}). If the line gets slower than was estimated, places end
 * before their jobs leave; if it gets faster, after. The estimate counts the jobs that were in line
 * at the last run of DispatchFunction: the places of a burst within a minute end together, before
 * the last of their jobs leave. A write that the SDK repeats can count twice.
 */
@FunctionalInterface
public interface ClientPlaces {

  /** Whether a job may join the line. */
  sealed interface Answer {

    /**
     * The job has a place.
     *
     * @param end the minute since the epoch in which it ends
     */
    record Taken(long end) implements Answer {}

    /**
     * The client has as many places as it may have. None was taken.
     *
     * @param retryAfter until the next place ends; positive
     */
    record NoneLeft(Duration retryAfter) implements Answer {}
  }

  /**
   * Takes a place for a job.
   *
   * @param client not empty
   * @param wait the estimated time until the job leaves the line
   * @param timeout limits the whole call
   * @throws PlacesUnavailableException if the table does not answer in time. A place may have been
   *     taken.
   */
  Answer take(String client, Duration wait, Duration timeout);

  /**
   * Gives the place of a job back that did not join the line. By default, it is kept for its time.
   *
   * @param timeout limits the whole call
   * @throws PlacesUnavailableException if the table does not answer in time
   */
  default void giveBack(String client, Answer.Taken place, Duration timeout) {}

  /** It is unknown how many places a client has. */
  final class PlacesUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PlacesUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
