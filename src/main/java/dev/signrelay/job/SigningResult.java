package dev.signrelay.job;

import java.time.Duration;
import java.time.Instant;

/**
 * The result of one attempt to sign. Only {@link Called} and {@link Reused} can have a signature.
 * Only {@link Called} counts as an attempt of the job. For the other results, the upstream was not
 * called.
 */
public sealed interface SigningResult {

  /**
   * A call was attempted. It counts as an attempt of the job, even if no request was sent: see the
   * outcome's code.
   *
   * @param start when the grant began, or when it was taken if that was later
   */
  record Called(SigningOutcome outcome, Instant start, Instant end) implements SigningResult {}

  /**
   * A signature that was obtained before for the same message.
   *
   * @param age since it was obtained; not negative
   */
  record Reused(String signature, Duration age) implements SigningResult {

    public static final String CODE = "reused";

    /** Omits the signature, which must not reach a log. */
    @Override
    public String toString() {
      return "Reused";
    }
  }

  /** Another call for the same message was under way for longer than the function waits. */
  record CallUnderWay() implements SigningResult {}

  /**
   * The rate limit allows no call now, and no grant was taken.
   *
   * @param expectedWait the estimated wait of a job that joins the line now
   * @param isKnown whether the length of the line is known; false: the estimate is not to be used
   */
  record NotGranted(Duration expectedWait, boolean isKnown) implements SigningResult {}

  /** Too little of the function's time is left for a call, so no grant was requested. */
  record OutOfTime() implements SigningResult {}

  /** The rate limiter did not answer, so it is unknown whether a call is allowed. */
  record LimiterUnavailable(RuntimeException cause) implements SigningResult {}

  /** The upstream's API key is unknown: it could not be read. No grant was requested. */
  record KeyUnavailable() implements SigningResult {}

  /**
   * The grant could not be used: the rate limiter answered late, connecting took longer than the
   * grant is valid, too little of the function's time was left, or its thread was interrupted.
   */
  record GrantExpired() implements SigningResult {}
}
