package dev.signrelay.jobrecord;

import java.time.Duration;
import java.util.Optional;

/**
 * The records of jobs.
 *
 * <p>Each method throws {@link RecordsUnavailableException} if the table does not answer in time,
 * or if there is none.
 */
public interface JobRecords {

  /**
   * Writes a record, unless the table has a later one of the same job. That is no error.
   *
   * @param timeout limits the whole call
   */
  void write(JobRecord written, Duration timeout);

  /**
   * Reads a record.
   *
   * @param timeout limits the whole call
   * @return empty if there is none
   */
  Optional<JobRecord> read(String id, Duration timeout);

  /** The table did not answer in time, or there is none. */
  final class RecordsUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RecordsUnavailableException(String message) {
      super(message);
    }

    public RecordsUnavailableException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
