package dev.signrelay.sign;

import dev.signrelay.signing.SigningTimeouts;
import java.time.Duration;
import java.time.Instant;

/**
 * Splits the 2 s of a response between the rate limiter, the upstream and the queue.
 *
 * @param received when the request was received
 * @param start the start of the 2 s; after a slow cold start, later than the request
 */
record ResponseBudget(Instant received, Instant start) {

  /** API Gateway's longest integration timeout: no client waits longer. */
  private static final Duration OLDEST_REQUEST = Duration.ofSeconds(30);

  /**
   * The most that a cold start counts against the budget. The rate limiter and the upstream then
   * have 450 ms.
   */
  private static final Duration MAX_START_DELAY = Duration.ofSeconds(1);

  /** Leaves 150 ms of the 2 s for the transfer from and to API Gateway. */
  private static final Duration RESPOND_WITHIN = Duration.ofMillis(1_850);

  /** Reserved for sending the job to the queue. */
  private static final Duration SEND_RESERVE = Duration.ofMillis(400);

  private static final Duration MAX_LIMITER_TIME = Duration.ofMillis(700);

  /**
   * The budget of a request.
   *
   * @param received by API Gateway's clock. A time in the future (clock skew) or more than 30 s ago
   *     (a sample event) is replaced by now.
   */
  static ResponseBudget of(Instant received, Instant now) {
    if (received.isAfter(now) || received.isBefore(now.minus(OLDEST_REQUEST))) {
      return new ResponseBudget(now, now);
    }
    Instant earliest = now.minus(MAX_START_DELAY);
    return new ResponseBudget(received, received.isBefore(earliest) ? earliest : received);
  }

  /**
   * The timeouts of the attempt to sign.
   *
   * @param maxUpstreamTime from the settings
   */
  SigningTimeouts signing(Duration maxUpstreamTime) {
    return new SigningTimeouts(deadline().minus(SEND_RESERVE), MAX_LIMITER_TIME, maxUpstreamTime);
  }

  /** When the response has to be ready. */
  Instant deadline() {
    return start.plus(RESPOND_WITHIN);
  }
}
