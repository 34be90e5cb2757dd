package dev.signrelay.sign;

import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * Splits the 2 s of a response between the client keys, the rate limiter, the upstream, the
 * client's quota, the queue and the job's record. They begin when API Gateway receives the request,
 * so a slow cold start leaves less time, or none, for the upstream.
 *
 * @param received when the request was received
 * @param recordReserve reserved for writing the job's record after the job is in the queue; zero:
 *     there is none
 * @param quotaReserve reserved for the client's quota after the attempt to sign; zero: there is
 *     none
 */
record ResponseBudget(Instant received, Duration recordReserve, Duration quotaReserve) {

  /** API Gateway's longest integration timeout: no client waits longer. */
  private static final Duration OLDEST_REQUEST = Duration.ofSeconds(30);

  /** Leaves 150 ms of the 2 s for the transfer from and to API Gateway. */
  private static final Duration RESPOND_WITHIN = Duration.ofMillis(1_850);

  /** Reserved for sending the job to the queue, which has this time even after the deadline. */
  private static final Duration SEND_RESERVE = Duration.ofMillis(400);

  /** What the record's write has even after the deadline. It takes a few milliseconds. */
  private static final Duration RECORD_RESERVE = Duration.ofMillis(150);

  /** What the quota's write has, also for a late request. It takes a few milliseconds. */
  private static final Duration QUOTA_RESERVE = Duration.ofMillis(150);

  private static final Duration MAX_LIMITER_TIME = Duration.ofMillis(700);

  private static final Duration MAX_KEYS_TIME = Duration.ofMillis(500);

  private static final Duration MAX_RESERVATION_TIME = Duration.ofMillis(400);

  /** A request cannot be admitted without the keys, so after a slow start there is still a read. */
  private static final Duration MIN_ADMISSION_TIME = Duration.ofMillis(250);

  /**
   * The budget of a request without a record and a quota.
   *
   * @param received by API Gateway's clock. A time in the future (clock skew) or more than 30 s ago
   *     (a sample event) is replaced by now.
   */
  static ResponseBudget of(Instant received, Instant now) {
    boolean plausible = !received.isAfter(now) && !received.isBefore(now.minus(OLDEST_REQUEST));
    return new ResponseBudget(plausible ? received : now, Duration.ZERO, Duration.ZERO);
  }

  /** The same budget with time for a record, and for the client's quota if it has one. */
  ResponseBudget withRecord(boolean hasQuota) {
    return new ResponseBudget(received, RECORD_RESERVE, hasQuota ? QUOTA_RESERVE : Duration.ZERO);
  }

  /** The timeout of a read of the client keys that begins now. */
  Duration keysTimeout(Instant now) {
    return admission(now, MAX_KEYS_TIME);
  }

  /** The timeout of the reservation of an {@code Idempotency-Key} that begins now. */
  Duration reservationTimeout(Instant now) {
    return admission(now, MAX_RESERVATION_TIME);
  }

  /** The timeout of the quota's write that begins now. */
  Duration quotaTimeout(Instant now) {
    return longer(TimeSource.shorter(beforeSend(now), MAX_RESERVATION_TIME), QUOTA_RESERVE);
  }

  private Duration admission(Instant now, Duration max) {
    return longer(TimeSource.shorter(beforeSend(now), max), MIN_ADMISSION_TIME);
  }

  /**
   * The timeouts of the attempt to sign.
   *
   * @param maxUpstreamTime from the settings
   */
  SigningTimeouts signing(Duration maxUpstreamTime) {
    return new SigningTimeouts(
        sendDeadline().minus(SEND_RESERVE).minus(quotaReserve), MAX_LIMITER_TIME, maxUpstreamTime);
  }

  /** The timeout of a send to the queue, or a read of a record, that begins now. */
  Duration sendTimeout(Instant now) {
    return longer(Duration.between(now, sendDeadline()), SEND_RESERVE);
  }

  /**
   * The timeout of a note of the line that begins now, after its job was stored; not positive: no
   * time is left.
   */
  Duration noteTimeout(Instant now) {
    return TimeSource.shorter(Duration.between(now, sendDeadline()), MAX_LIMITER_TIME);
  }

  /** The timeout of a write of a record that begins now, after its job was stored. */
  Duration recordTimeout(Instant now) {
    return longer(Duration.between(now, sendDeadline().plus(recordReserve)), RECORD_RESERVE);
  }

  private Duration beforeSend(Instant now) {
    return Duration.between(now, sendDeadline().minus(SEND_RESERVE));
  }

  private Instant sendDeadline() {
    return received.plus(RESPOND_WITHIN).minus(recordReserve);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? b : a;
  }
}
