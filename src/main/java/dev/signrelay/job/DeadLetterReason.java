package dev.signrelay.job;

import java.util.Locale;

/**
 * Why a job was dead-lettered.
 *
 * @param outcome the code of the last attempt's outcome, or {@code expired}
 * @param attempts the number of attempts in the stage in which the job was dead-lettered
 */
public record DeadLetterReason(Kind kind, String outcome, int attempts) {

  public enum Kind {
    /** The upstream will never sign this message. */
    MESSAGE_REJECTED,
    /** No call returned a signature, and attempts and time are used up. */
    SIGNING_EXHAUSTED,
    /** No delivery succeeded, and attempts and time are used up. */
    CALLBACK_EXHAUSTED,
    /** The receiver answered 410: it accepts no further callbacks. */
    CALLBACK_GONE,
    /** The settings do not allow the callback URL. */
    CALLBACK_FORBIDDEN,
    /** The time for which the client wanted the result is over. */
    EXPIRED,
    /** The message is not a job, so its receiver is unknown. */
    MALFORMED;

    /** Whether the receiver may be notified: not if it is gone, forbidden or unknown. */
    public boolean allowsFailureNotice() {
      return switch (this) {
        case MESSAGE_REJECTED, SIGNING_EXHAUSTED, CALLBACK_EXHAUSTED, EXPIRED -> true;
        case CALLBACK_GONE, CALLBACK_FORBIDDEN, MALFORMED -> false;
      };
    }

    /**
     * Such as {@code callback-gone}: in logs, records, failure notices, and the {@code reason}
     * attribute of dead letters.
     */
    public String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
