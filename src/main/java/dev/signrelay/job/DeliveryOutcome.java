package dev.signrelay.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one delivery ended. */
public sealed interface DeliveryOutcome {

  /** For logs and dead letters: {@code http-204}, {@code timeout}, {@code http-503} and so on. */
  String code();

  /** The receiver answered 2xx. */
  record Delivered(String code) implements DeliveryOutcome {}

  /** The receiver answered 410 (RFC 9110, 15.5.11): it accepts no further callbacks. */
  record Gone(String code) implements DeliveryOutcome {}

  /** Nothing was sent: the settings do not allow the URL. */
  record Forbidden(String code) implements DeliveryOutcome {}

  /**
   * The delivery failed; another one may succeed. Nothing was sent if an address that the host
   * resolves to is not allowed.
   *
   * @param retryAfter how long the receiver asks to wait; null: it does not say
   */
  record Undelivered(String code, @Nullable Duration retryAfter) implements DeliveryOutcome {}
}
