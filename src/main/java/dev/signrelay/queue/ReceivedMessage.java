package dev.signrelay.queue;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that was received from a queue. It stays there until it is deleted. If that does not
 * happen before its visibility timeout ends, it is received again.
 *
 * @param id the id that SQS gave the message; unrelated to the job's id
 * @param receipt the receipt handle, which a deletion needs; empty: Lambda deletes the message
 * @param redriven whether the message was moved back from the dead-letter queue
 */
public record ReceivedMessage(String id, String receipt, String body, boolean redriven) {

  /** The attribute with the time at which a job was sent, in milliseconds since the epoch. */
  public static final String SENT_AT = "sentAt";

  /** Covers the difference between two clocks, and the time in which the SDK repeats a request. */
  private static final Duration SEND_TOLERANCE = Duration.ofMinutes(1);

  /** A message of an event. A missing body is empty. */
  public static ReceivedMessage of(SQSMessage message) {
    Map<String, MessageAttribute> attributes =
        Objects.requireNonNullElse(message.getMessageAttributes(), Map.of());
    MessageAttribute sentAt = attributes.get(SENT_AT);
    Map<String, String> ofQueue = Objects.requireNonNullElse(message.getAttributes(), Map.of());
    return new ReceivedMessage(
        message.getMessageId(),
        "",
        Objects.requireNonNullElse(message.getBody(), ""),
        isRedriven(sentAt == null ? null : sentAt.getStringValue(), ofQueue.get("SentTimestamp")));
  }

  /**
   * Whether a message was enqueued more than a minute after it was sent. A redriven message has a
   * new {@code SentTimestamp}, and keeps its attributes.
   *
   * @param sentAt the attribute {@link #SENT_AT}; null: there is none
   * @param enqueuedAt the system attribute {@code SentTimestamp}; null: there is none
   */
  static boolean isRedriven(@Nullable String sentAt, @Nullable String enqueuedAt) {
    long sent = millis(sentAt);
    return sent > 0 && millis(enqueuedAt) - sent > SEND_TOLERANCE.toMillis();
  }

  private static long millis(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException _) {
      return 0;
    }
  }

  /** Omits the body, which must not reach a log. */
  @Override
  public String toString() {
    return "ReceivedMessage[id=" + id + "]";
  }
}
