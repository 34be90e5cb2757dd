package dev.signrelay.job;

import java.time.Duration;
import java.time.Instant;

/**
 * The result of one attempt to sign. Only {@link Called} counts as an attempt of the job. With the
 * other results, the upstream was not called.
 */
public sealed interface SigningResult {

  /**
   * A call was attempted. It counts as an attempt of the job, even if no request was sent: see the
   * outcome's code.
   */
  record Called(SigningOutcome outcome, Instant start, Instant end) implements SigningResult {}

  /**
   * The rate limit allows the call later than the function waits.
   *
   * @param waitTime until the grant begins
   */
  record GrantedLater(Grant grant, Duration waitTime) implements SigningResult {}

  /** The upstream was not called, and there is no grant for a later call. */
  sealed interface NotCalled extends SigningResult {}

  /** The rate limit allows no call now, and no grant was taken. */
  record NotGranted() implements NotCalled {}

  /** The rate limiter did not answer, so it is unknown whether a call is allowed. */
  record LimiterUnavailable(RuntimeException cause) implements NotCalled {}

  /** The thread was interrupted before the call could begin. */
  record Interrupted() implements NotCalled {}
}
