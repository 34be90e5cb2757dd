package dev.signrelay.jobrecord;

import java.util.Locale;
import java.util.stream.Stream;

/** How far a job has come, according to its record. */
public enum JobStatus {
  /** A request with an {@code Idempotency-Key} is being answered. There is no record yet. */
  ANSWERING,
  /** No upstream call has begun. */
  WAITING,
  /** At least one call failed, and another one will follow. */
  SIGNING,
  /** There is a signature. It has not been delivered. */
  DELIVERING,
  /** There is a signature, and the job has no callback URL: it is over. */
  SIGNED,
  /** The signature was delivered: the job is over. */
  DELIVERED,
  /** The job was dead-lettered for a reason other than expiry. */
  FAILED,
  /** The job was dead-lettered, because its result was no longer wanted. */
  EXPIRED;

  /** Whether nothing more is done for the job, unless an operator redrives it. */
  public boolean isOver() {
    return switch (this) {
      case ANSWERING, WAITING, SIGNING, DELIVERING -> false;
      case SIGNED, DELIVERED, FAILED, EXPIRED -> true;
    };
  }

  /**
   * A code that only a newer release has counts as {@link #WAITING}, so that clients, which know no
   * other status, read the record again.
   */
  static JobStatus of(String code) {
    return Stream.of(values()).filter(s -> s.code().equals(code)).findFirst().orElse(WAITING);
  }

  /** The code for responses and in the table. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
