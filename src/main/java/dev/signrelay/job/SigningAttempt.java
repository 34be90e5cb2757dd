package dev.signrelay.job;

import java.time.Duration;
import java.time.Instant;

/**
 * How one attempt to sign ended. Only {@link Called} counts as an attempt of the job: the other
 * results mean that the upstream was not called.
 */
public sealed interface SigningAttempt {

  /** The upstream was called. */
  record Called(SigningOutcome outcome, Instant start, Instant end) implements SigningAttempt {

    public Duration duration() {
      return Duration.between(start, end);
    }
  }

  /** The rate limit allows the call later than the function waits. */
  record GrantedLater(Grant grant) implements SigningAttempt {}

  /** The rate limit allows no call now, and no grant was taken. */
  record NotGranted() implements SigningAttempt {}

  /** The rate limiter did not answer, so it is unknown whether a call is allowed. */
  record LimiterUnavailable(RuntimeException cause) implements SigningAttempt {}

  /** The thread was interrupted before the call could begin. */
  record Interrupted() implements SigningAttempt {}
}
