package dev.signrelay.queue;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.MessageAttribute;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.time.Duration;
import java.time.Instant;
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
 * @param enqueuedAt since when the message is in the queue, by the clock of SQS; null: unknown
 */
public record ReceivedMessage(
    String id, String receipt, String body, boolean redriven, @Nullable Instant enqueuedAt) {

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
    return of(
        message.getMessageId(),
        "",
        Objects.requireNonNullElse(message.getBody(), ""),
        sentAt == null ? null : sentAt.getStringValue(),
        ofQueue.get("SentTimestamp"));
  }

  /**
   * A message that was enqueued more than a minute after it was sent is redriven: then it has a new
   * {@code SentTimestamp}, and keeps its attributes.
   *
   * @param sentAt the attribute {@link #SENT_AT}; null: there is none
   * @param enqueuedAt the system attribute {@code SentTimestamp}; null: there is none
   */
  static ReceivedMessage of(
      String id,
      String receipt,
      String body,
      @Nullable String sentAt,
      @Nullable String enqueuedAt) {
    long sent = millis(sentAt);
    long enqueued = millis(enqueuedAt);
    boolean redriven = sent > 0 && enqueued - sent > SEND_TOLERANCE.toMillis();
    Instant since = enqueued > 0 ? Instant.ofEpochMilli(enqueued) : null;
    return new ReceivedMessage(id, receipt, body, redriven, since);
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
