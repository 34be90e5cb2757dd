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
    long sent = sentAt(message.getMessageAttributes());
    long enqueued = enqueuedAt(message.getAttributes());
    return sent > 0 && enqueued - sent > SEND_TOLERANCE.toMillis();
  }

  private static long sentAt(@Nullable Map<String, MessageAttribute> attributes) {
    MessageAttribute sentAt = attributes == null ? null : attributes.get(SENT_AT);
    return sentAt == null ? 0 : millis(sentAt.getStringValue());
  }

  private static long enqueuedAt(@Nullable Map<String, String> attributes) {
    return attributes == null ? 0 : millis(attributes.get("SentTimestamp"));
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
