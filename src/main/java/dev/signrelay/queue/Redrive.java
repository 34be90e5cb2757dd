package dev.signrelay.queue;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recognizes messages that were moved from the dead-letter queue to the queue of their jobs. */
public final class Redrive {

  /**
   * The name of the message attribute with the time at which a job was sent, in milliseconds since
   * the epoch.
   */
  public static final String SENT_AT = "sentAt";

  /** Covers the difference of two clocks, and requests that the SDK repeats. */
  private static final Duration SEND_TOLERANCE = Duration.ofMinutes(1);

  private Redrive() {}

  /**
   * Whether SQS enqueued the message again, later than it was sent. A redriven message has a new
   * {@code SentTimestamp}, and its attributes are unchanged.
   */
  public static boolean isRedriven(SQSMessage message) {
    return isRedriven(sentAt(message.getMessageAttributes()), enqueuedAt(message.getAttributes()));
  }

  /**
   * Whether SQS enqueued a message again.
   *
   * @param sentAt the attribute {@link #SENT_AT}; null: there is none
   * @param enqueuedAt the system attribute {@code SentTimestamp}; null: it was not received
   */
  static boolean isRedriven(@Nullable String sentAt, @Nullable String enqueuedAt) {
    long sent = millis(sentAt);
    return sent > 0 && millis(enqueuedAt) - sent > SEND_TOLERANCE.toMillis();
  }

  private static @Nullable String sentAt(@Nullable Map<String, MessageAttribute> attributes) {
    MessageAttribute sentAt = attributes == null ? null : attributes.get(SENT_AT);
    return sentAt == null ? null : sentAt.getStringValue();
  }

  private static @Nullable String enqueuedAt(@Nullable Map<String, String> attributes) {
    return attributes == null ? null : attributes.get("SentTimestamp");
  }

  /** 0 if it is not a number. */
  private static long millis(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }
}
