package dev.signrelay.callback;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one delivery ended: {@link Delivered}, {@link Gone}, {@link Forbidden} or {@link
 * Undelivered}.
 */
public sealed interface DeliveryOutcome {

  /** What logs and dead letters say: {@code http-204}, {@code timeout}, {@code http-503}... */
  String code();

  /** The receiver answered 2xx. */
  record Delivered(String code) implements DeliveryOutcome {}

  /** The receiver answered 410 (RFC 9110, 15.5.11): it wants no more callbacks. */
  record Gone(String code) implements DeliveryOutcome {}

  /**
   * Nothing was sent: callbacks must not go there.
   *
   * @param code {@code forbidden-url}, or {@code forbidden-address} if what the host resolves to is
   *     the reason
   */
  record Forbidden(String code) implements DeliveryOutcome {}

  /**
   * Not this time; another delivery may succeed.
   *
   * @param retryAfter how long the receiver asks to wait; null: it does not say
   */
  record Undelivered(String code, @Nullable Duration retryAfter) implements DeliveryOutcome {}
}
