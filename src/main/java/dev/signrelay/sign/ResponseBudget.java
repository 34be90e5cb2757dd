package dev.signrelay.sign;

import dev.signrelay.signing.SigningTimeouts;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * Splits the 2 s of a response between the client keys, the rate limiter, the upstream, the queue
 * and the record. They begin when API Gateway receives the request, so a slow cold start leaves
 * less time, or none, for the upstream.
 *
 * @param received when the request was received
 */
record ResponseBudget(Instant received) {

  /** API Gateway's longest integration timeout: no client waits longer. */
  private static final Duration OLDEST_REQUEST = Duration.ofSeconds(30);

  /** Leaves 150 ms of the 2 s for the transfer from and to API Gateway. */
  private static final Duration RESPOND_WITHIN = Duration.ofMillis(1_850);

  /** Reserved for sending the job to the queue, which has this time even after the deadline. */
  private static final Duration SEND_RESERVE = Duration.ofMillis(400);

  /** A write takes a few milliseconds. Those that the queue leaves suffice, unless it was slow. */
  private static final Duration MIN_RECORD_TIME = Duration.ofMillis(150);

  private static final Duration MAX_LIMITER_TIME = Duration.ofMillis(700);

  private static final Duration MAX_KEYS_TIME = Duration.ofMillis(500);

  /** A request cannot be admitted without the keys, so after a slow start there is still a read. */
  private static final Duration MIN_KEYS_TIME = Duration.ofMillis(250);

  /**
   * The budget of a request.
   *
   * @param received by API Gateway's clock. A time in the future (clock skew) or more than 30 s ago
   *     (a sample event) is replaced by now.
   */
  static ResponseBudget of(Instant received, Instant now) {
    boolean plausible = !received.isAfter(now) && !received.isBefore(now.minus(OLDEST_REQUEST));
    return new ResponseBudget(plausible ? received : now);
  }

  /** The timeout of a read of the client keys that begins now. */
  Duration keysTimeout(Instant now) {
    Duration left = Duration.between(now, deadline().minus(SEND_RESERVE));
    Duration most = TimeSource.shorter(left, MAX_KEYS_TIME);
    return most.compareTo(MIN_KEYS_TIME) < 0 ? MIN_KEYS_TIME : most;
  }

  /**
   * The timeouts of the attempt to sign.
   *
   * @param maxUpstreamTime from the settings
   */
  SigningTimeouts signing(Duration maxUpstreamTime) {
    return new SigningTimeouts(deadline().minus(SEND_RESERVE), MAX_LIMITER_TIME, maxUpstreamTime);
  }

  /** The timeout of a send to the queue that begins now. */
  Duration sendTimeout(Instant now) {
    Duration left = Duration.between(now, deadline());
    return left.compareTo(SEND_RESERVE) < 0 ? SEND_RESERVE : left;
  }

  /** The timeout of a write of a record that begins now, after its job was stored. */
  Duration recordTimeout(Instant now) {
    Duration left = Duration.between(now, deadline());
    return left.compareTo(MIN_RECORD_TIME) < 0 ? MIN_RECORD_TIME : left;
  }

  /** The timeout of a read of a record that begins now. */
  Duration readTimeout(Instant now) {
    return sendTimeout(now);
  }

  private Instant deadline() {
    return received.plus(RESPOND_WITHIN);
  }
}
