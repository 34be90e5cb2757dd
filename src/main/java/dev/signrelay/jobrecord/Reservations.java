package dev.signrelay.jobrecord;

import dev.signrelay.jobrecord.JobRecords.RecordsUnavailableException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lets one of several requests with the same {@code Idempotency-Key} be answered. A reservation is
 * in the place of the job's record, until a record of the job is written.
 *
 * <p>Each method throws {@link RecordsUnavailableException} if the table does not answer in time,
 * or if there is none.
 */
public interface Reservations {

  /** The result of {@link #reserve}. */
  sealed interface Answer {

    /** The request is the caller's to answer. */
    record Reserved() implements Answer {}

    /**
     * The key is in use.
     *
     * @param fingerprint of the request that it was used for; empty: unknown
     * @param record of the job; null: the request is being answered
     */
    record Taken(String fingerprint, @Nullable JobRecord record) implements Answer {

      /** Whether the key was used for another request. */
      public boolean isOfAnother(Reservation wanted) {
        return !fingerprint.equals(wanted.fingerprint());
      }
    }
  }

  /**
   * Reserves the answer to a request, in one write: if there is no record and no reservation of its
   * id, or if they are to be forgotten, or if the lease on the same request has ended.
   *
   * @param timeout limits the whole call
   */
  Answer reserve(Reservation wanted, Duration timeout);

  /**
   * Ends the lease of a reservation that was made, if there is no record yet: the same request may
   * be answered anew. The key stays that of the request.
   *
   * @param timeout limits the whole call
   */
  void release(Reservation made, Duration timeout);
}
