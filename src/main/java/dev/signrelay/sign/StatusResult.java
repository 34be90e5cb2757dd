package dev.signrelay.sign;

import dev.signrelay.jobrecord.JobRecord;
import java.time.Instant;

/** The result of a request for a job's record: its response, and the data of its log event. */
sealed interface StatusResult {

  /** The record. */
  record Found(JobRecord found, Instant now) implements StatusResult {}

  /** There is no record of the job, or none that this client may read. */
  record Unknown() implements StatusResult {}

  /** Jobs have no records. */
  record NoRecords() implements StatusResult {}

  /** The request has no valid key. */
  record Unauthorized() implements StatusResult {}

  /** The valid keys could not be read. */
  record KeysUnavailable() implements StatusResult {}

  /** The table did not answer in time. */
  record RecordsUnavailable(RuntimeException cause) implements StatusResult {}

  /** The function failed with an unexpected exception. */
  record Crashed(Exception cause) implements StatusResult {}
}
