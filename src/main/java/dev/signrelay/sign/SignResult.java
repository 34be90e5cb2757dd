package dev.signrelay.sign;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import java.time.Duration;

/** The result of a request: its response, and the data of its log event. */
sealed interface SignResult {

  /** The request's id, which is also that of its job. */
  String id();

  SignAnswer answer();

  /**
   * The request was refused.
   *
   * @param error names the field and the rule, without quoting the input
   */
  record Refused(String id, SignAnswer answer, String error) implements SignResult {}

  /** An attempt was made for a request without a callback URL. */
  record Attempted(SignAnswer answer, Signing attempt) implements SignResult {
    @Override
    public String id() {
      return attempt.id();
    }
  }

  /** An attempt was made for a job, and the decision on it was carried out. */
  record Decided(SignAnswer answer, Signing attempt, AfterSigning decision) implements SignResult {
    @Override
    public String id() {
      return attempt.id();
    }
  }

  /** An attempt was made for a job, and the queue did not store the job. */
  record NotQueued(Signing attempt, AfterSigning decision, RuntimeException cause)
      implements SignResult {
    @Override
    public String id() {
      return attempt.id();
    }

    @Override
    public SignAnswer answer() {
      return SignAnswer.NOT_QUEUED;
    }
  }

  /**
   * An attempt was made for a job, and the job was not stored: the line is longer than allowed.
   *
   * @param retryAfter until the line is expected to be short enough; positive
   */
  record LineFull(Signing attempt, Duration retryAfter) implements SignResult {
    @Override
    public String id() {
      return attempt.id();
    }

    @Override
    public SignAnswer answer() {
      return SignAnswer.LINE_FULL;
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
