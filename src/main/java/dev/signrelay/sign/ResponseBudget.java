package dev.signrelay.sign;

import dev.signrelay.signing.SigningTimeouts;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/**
 * Splits the 2 s of an answer between the rate limiter, the upstream and the queue.
 *
 * @param start when the client began to wait
 * @param upstreamLimit the longest upstream call, from the settings
 */
record ResponseBudget(Instant start, Duration upstreamLimit) implements SigningTimeouts {

  /** API Gateway's longest integration timeout: no client waits longer. */
  private static final Duration OLDEST_REQUEST = Duration.ofSeconds(30);

  /** The most that a slow start takes from the upstream's time. */
  private static final Duration MAX_START_DELAY = Duration.ofSeconds(1);

  /** Leaves 150 ms of the 2 s for the transfer to and from API Gateway. */
  private static final Duration ANSWER_WITHIN = Duration.ofMillis(1_850);

  /** The longest call of the rate limiter. */
  private static final Duration LIMITER_LIMIT = Duration.ofMillis(700);

  /** Reserved for sending the job to the queue. */
  private static final Duration SEND_RESERVE = Duration.ofMillis(400);

  /**
   * The budget of a request.
   *
   * @param received by API Gateway's clock. A time that is in the future or too long ago is that of
   *     a sample event; the client then begins to wait now.
   */
  static ResponseBudget of(Instant received, Instant now, Duration upstreamLimit) {
    if (received.isAfter(now) || received.isBefore(now.minus(OLDEST_REQUEST))) {
      return new ResponseBudget(now, upstreamLimit);
    }
    Instant earliest = now.minus(MAX_START_DELAY);
    return new ResponseBudget(received.isBefore(earliest) ? earliest : received, upstreamLimit);
  }

  @Override
  public Duration limiterTimeout(Instant now) {
    return TimeSource.shorter(LIMITER_LIMIT, beforeSend(now));
  }

  @Override
  public Duration upstreamTimeout(Instant now) {
    return TimeSource.shorter(upstreamLimit, beforeSend(now));
  }

  /** How long a call of the queue that begins now may take. */
  Duration queueTimeout(Instant now) {
    return left(ANSWER_WITHIN, now);
  }

  private Duration beforeSend(Instant now) {
    return left(ANSWER_WITHIN.minus(SEND_RESERVE), now);
  }

  private Duration left(Duration within, Instant now) {
    return within.minus(Duration.between(start, now));
  }
}
