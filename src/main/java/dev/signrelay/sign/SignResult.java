package dev.signrelay.sign;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import java.time.Duration;
import java.time.Instant;

/** The result of a request: its response, and the data of its log event. */
sealed interface SignResult {

  /** The request's id, which is also that of its job. */
  String id();

  SignAnswer answer();

  /** An attempt to sign was made. */
  sealed interface OfAttempt extends SignResult {

    Signing attempt();

    @Override
    default String id() {
      return attempt().id();
    }
  }

  /**
   * The request was refused.
   *
   * @param error names the field and the rule, without quoting the input
   */
  record Refused(String id, SignAnswer answer, String error) implements SignResult {}

  /** An attempt was made, and no job: none was wanted, or it would expire before its next call. */
  record Attempted(SignAnswer answer, Signing attempt) implements OfAttempt {}

  /** An attempt was made for a job, and the decision on it was carried out. */
  record Decided(SignAnswer answer, Signing attempt, AfterSigning decision) implements OfAttempt {}

  /** An attempt was made for a job, and the queue did not store the job. */
  record NotQueued(Signing attempt, AfterSigning decision, RuntimeException cause)
      implements OfAttempt {
    @Override
    public SignAnswer answer() {
      return SignAnswer.NOT_QUEUED;
    }
  }

  /**
   * An attempt was made for a job without a callback URL. The job was stored, and its record was
   * not written, so that nothing tells its result.
   */
  record NotRecorded(Signing attempt, AfterSigning decision) implements OfAttempt {
    @Override
    public SignAnswer answer() {
      return SignAnswer.NOT_RECORDED;
    }
  }

  /**
   * An attempt was made for a job, and the job was not stored: the line is longer than allowed, or
   * its length is not known.
   *
   * @param retryAfter until the line is expected to be short enough, or known; positive
   */
  record LineFull(Signing attempt, Duration retryAfter) implements OfAttempt {
    @Override
    public SignAnswer answer() {
      return SignAnswer.LINE_FULL;
    }
  }

  /**
   * An attempt was made for a job, and the job was not stored: the client's quota is used up.
   *
   * @param retryAfter until the next hour begins; positive
   */
  record TooManyJobs(Signing attempt, Duration retryAfter) implements OfAttempt {
    @Override
    public SignAnswer answer() {
      return SignAnswer.TOO_MANY_JOBS;
    }
  }

  /**
   * The request repeats one that was answered, by its {@code Idempotency-Key}: the answer is the
   * present one of its job.
   *
   * @param now when the record was read
   */
  record Repeated(SignAnswer answer, JobRecord present, Instant now) implements SignResult {

    /**
     * The answer that a record gives.
     *
     * @param respondAsync whether the client prefers to read the result from the record
     */
    static Repeated of(JobRecord present, boolean respondAsync, Instant now) {
      SignAnswer answer =
          switch (present.status()) {
            case ANSWERING -> SignAnswer.IN_PROGRESS;
            case WAITING, SIGNING -> respondAsync ? SignAnswer.ACCEPTED : SignAnswer.QUEUED;
            case DELIVERING, SIGNED, DELIVERED -> SignAnswer.SIGNED;
            case FAILED, EXPIRED -> afterTheEnd(present);
          };
      return new Repeated(answer, present, now);
    }

    /** A job can be dead-lettered after it was signed. */
    private static SignAnswer afterTheEnd(JobRecord present) {
      if (present.signature() != null) {
        return SignAnswer.SIGNED;
      }
      return Kind.MESSAGE_REJECTED.code().equals(present.reason())
          ? SignAnswer.REJECTED
          : SignAnswer.UNSIGNED;
    }

    @Override
    public String id() {
      return present.id();
    }
  }

  /** The table did not tell whether the request is a repeat, so it was not answered. */
  record RecordsDown(String id, RuntimeException cause) implements SignResult {
    @Override
    public SignAnswer answer() {
      return SignAnswer.RECORDS_UNAVAILABLE;
    }
  }

  /** The valid keys could not be read, so the request was not admitted. */
  record KeysUnavailable(String id) implements SignResult {
    @Override
    public SignAnswer answer() {
      return SignAnswer.KEYS_UNAVAILABLE;
    }
  }

  /** The function failed with an unexpected exception. */
  record Crashed(String id, Exception cause) implements SignResult {
    @Override
    public SignAnswer answer() {
      return SignAnswer.INTERNAL_ERROR;
    }
  }
}
