package dev.signrelay.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How one delivery ended. */
public sealed interface DeliveryOutcome {

  /** In logs, records and dead letters: {@code http-204}, {@code timeout} and so on. */
  String code();

  /** The receiver answered 2xx, or the job's record has the signature ({@code recorded}). */
  record Delivered(String code) implements DeliveryOutcome {}

  /** The receiver answered 410 (RFC 9110, 15.5.11): it accepts no further callbacks. */
  record Gone(String code) implements DeliveryOutcome {}

  /** Nothing was sent: the settings do not allow the URL. */
  record Forbidden(String code) implements DeliveryOutcome {}

  /**
   * The delivery failed; another one may succeed. Includes a host that resolves to a forbidden
   * address, and a record that could not be written.
   *
   * @param retryAfter how long the receiver asks to wait; null: it does not ask
   */
  record Undelivered(String code, @Nullable Duration retryAfter) implements DeliveryOutcome {}
}
