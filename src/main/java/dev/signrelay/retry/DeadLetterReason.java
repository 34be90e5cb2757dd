package dev.signrelay.retry;

import java.util.Locale;

/**
 * Why a job was given up.
 *
 * @param outcome the code of its last attempt
 * @param attempts made in the stage that it was given up in
 */
public record DeadLetterReason(Kind kind, String outcome, int attempts) {

  /** {@link #code()} is what the dead letter's {@code reason} attribute says. */
  public enum Kind {
    /** The upstream will never sign this message. */
    MESSAGE_REJECTED,
    /** No signature within the attempts allowed. */
    SIGNING_EXHAUSTED,
    /** No successful delivery within the attempts allowed. */
    CALLBACK_EXHAUSTED,
    /** The receiver answered 410: it wants no more callbacks. */
    CALLBACK_GONE,
    /** Callbacks must not go to its URL, or to an address that its host resolves to. */
    CALLBACK_FORBIDDEN;

    /** Whether the receiver may be told: not if it wants to hear nothing, or must not. */
    public boolean mayBeTold() {
      return switch (this) {
        case MESSAGE_REJECTED, SIGNING_EXHAUSTED, CALLBACK_EXHAUSTED -> true;
        case CALLBACK_GONE, CALLBACK_FORBIDDEN -> false;
      };
    }

    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
