package dev.signrelay.job;

import java.util.Locale;

/**
 * Why a job was dead-lettered.
 *
 * @param outcome the code of its last attempt
 * @param attempts the attempts made in the stage in which it was dead-lettered
 */
public record DeadLetterReason(Kind kind, String outcome, int attempts) {

  public enum Kind {
    /** The upstream will never sign this message. */
    MESSAGE_REJECTED,
    /** No signature: attempts and time are used up. Each attempt was a call. */
    SIGNING_EXHAUSTED,
    /** No successful delivery: attempts and time are used up. */
    CALLBACK_EXHAUSTED,
    /** The receiver answered 410: it accepts no further callbacks. */
    CALLBACK_GONE,
    /** The settings do not allow the callback URL. */
    CALLBACK_FORBIDDEN,
    /** The time for which the client wanted the result is over. */
    EXPIRED,
    /** The message is not a job. Nobody knows its receiver. */
    MALFORMED;

    /** Not to a receiver that is gone, not allowed or unknown. */
    public boolean allowsFailureNotice() {
      return switch (this) {
        case MESSAGE_REJECTED, SIGNING_EXHAUSTED, CALLBACK_EXHAUSTED, EXPIRED -> true;
        case CALLBACK_GONE, CALLBACK_FORBIDDEN, MALFORMED -> false;
      };
    }

    /**
     * Such as {@code callback-gone}: for logs, records, failure notices, and the {@code reason}
     * attribute of dead letters.
     */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
