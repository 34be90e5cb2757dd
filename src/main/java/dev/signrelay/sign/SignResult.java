package dev.signrelay.sign;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.sign.SignAnswer.InternalError;
import dev.signrelay.sign.SignAnswer.NotQueued;

/** What a request led to: its answer, and the facts of its log event. */
sealed interface SignResult {

  /** The request's id, which is also that of its job. */
  String id();

  SignAnswer answer();

  /**
   * The request was refused.
   *
   * @param error the broken rule, for the log
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
  record Unavailable(Signing attempt, AfterSigning decision, RuntimeException cause)
      implements SignResult {
    @Override
    public String id() {
      return attempt.id();
    }

    @Override
    public SignAnswer answer() {
      return new NotQueued();
    }
  }

  /** The function failed with an exception that no code expects. */
  record Failed(String id, Exception cause) implements SignResult {
    @Override
    public SignAnswer answer() {
      return new InternalError();
    }
  }
}
