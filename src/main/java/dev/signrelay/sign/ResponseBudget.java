package dev.signrelay.sign;

import dev.signrelay.attempt.SigningTimeouts;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * Splits the 2 s of a response between the client keys, the rate limiter, the upstream, the
 * client's quota, the queue and the job's record. The 2 s begin when API Gateway receives the
 * request, so a slow cold start leaves less time, or none, for the upstream. Each timeout is for a
 * call that begins now.
 *
 * @param received when the request was received
 * @param recordReserve reserved for writing the job's record after the job is in the queue; zero:
 *     the job gets no record
 * @param quotaReserve reserved for the client's quota after the attempt to sign; zero: the client
 *     has no quota
 */
record ResponseBudget(
    TimeSource time, Instant received, Duration recordReserve, Duration quotaReserve) {

  /** API Gateway's longest integration timeout: no client waits longer. */
  private static final Duration OLDEST_REQUEST = Duration.ofSeconds(30);

  /** Leaves 150 ms of the 2 s for the transfer from and to API Gateway. */
  private static final Duration RESPOND_WITHIN = Duration.ofMillis(1_850);

  /** Reserved for sending the job to the queue, which has this time even after the deadline. */
  private static final Duration SEND_RESERVE = Duration.ofMillis(400);

  /** The minimum for the record's write, even after the deadline. It takes a few milliseconds. */
  private static final Duration RECORD_RESERVE = Duration.ofMillis(150);

  /** The minimum for the quota's write, even after the deadline. It takes a few milliseconds. */
  private static final Duration QUOTA_RESERVE = Duration.ofMillis(150);

  private static final Duration MAX_LIMITER_TIME = Duration.ofMillis(700);

  private static final Duration MAX_KEYS_TIME = Duration.ofMillis(500);

  private static final Duration MAX_TABLE_TIME = Duration.ofMillis(400);

  /** A request cannot be admitted without the keys or its reservation, even after a slow start. */
  private static final Duration MIN_ADMISSION_TIME = Duration.ofMillis(250);

  /**
   * The budget of a request without a record and a quota.
   *
   * @param received by API Gateway's clock. A time in the future (clock skew) or more than 30 s ago
   *     (a sample event) is replaced by now.
   */
  static ResponseBudget of(Instant received, TimeSource time) {
    Instant now = time.instant();
    boolean plausible = !received.isAfter(now) && !received.isBefore(now.minus(OLDEST_REQUEST));
    return new ResponseBudget(time, plausible ? received : now, Duration.ZERO, Duration.ZERO);
  }

  /** A copy with time for a record, and for the client's quota if it has one. */
  ResponseBudget withRecord(boolean hasQuota) {
    Duration quota = hasQuota ? QUOTA_RESERVE : Duration.ZERO;
    return new ResponseBudget(time, received, RECORD_RESERVE, quota);
  }

  /** For a read of the client keys: the time before the send, but 250 to 500 ms. */
  Duration keysTimeout() {
    return beforeSend(MIN_ADMISSION_TIME, MAX_KEYS_TIME);
  }

  /** For the reservation of an {@code Idempotency-Key}. */
  Duration reservationTimeout() {
    return beforeSend(MIN_ADMISSION_TIME, MAX_TABLE_TIME);
  }

  /** For the quota's write. */
  Duration quotaTimeout() {
    return beforeSend(QUOTA_RESERVE, MAX_TABLE_TIME);
  }

  private Duration beforeSend(Duration min, Duration max) {
    Duration left = time.until(sendDeadline().minus(SEND_RESERVE));
    return longer(min, TimeSource.shorter(left, max));
  }

  /** For the attempt to sign. */
  SigningTimeouts signing(Duration maxUpstreamTime) {
    return new SigningTimeouts(
        sendDeadline().minus(SEND_RESERVE).minus(quotaReserve), MAX_LIMITER_TIME, maxUpstreamTime);
  }

  /** For a send to the queue, or a read of a record. */
  Duration sendTimeout() {
    return longer(SEND_RESERVE, time.until(sendDeadline()));
  }

  /** For a note of the line, after its job was stored; not positive: no time is left. */
  Duration noteTimeout() {
    return TimeSource.shorter(time.until(sendDeadline()), MAX_LIMITER_TIME);
  }

  /** For a write of a record, after its job was stored. */
  Duration recordTimeout() {
    return longer(RECORD_RESERVE, time.until(received.plus(RESPOND_WITHIN)));
  }

  private Instant sendDeadline() {
    return received.plus(RESPOND_WITHIN).minus(recordReserve);
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? b : a;
  }
}
