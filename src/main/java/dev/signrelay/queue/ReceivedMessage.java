package dev.signrelay.queue;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.util.Objects;

/**
 * A message that was received from a queue. It stays there until it is deleted, and is received
 * again if that is not in time.
 *
 * @param id the id that SQS gave the message; unrelated to the job's id
 * @param receipt identifies this receipt of the message; empty: Lambda deletes it
 * @param body of the message
 * @param redriven whether SQS had moved the message to the dead-letter queue, and an operator moved
 *     it back
 */
public record ReceivedMessage(String id, String receipt, String body, boolean redriven) {

  /** A message of an event. A missing body is empty. */
  public static ReceivedMessage of(SQSMessage message) {
    return new ReceivedMessage(
        message.getMessageId(),
        "",
        Objects.requireNonNullElse(message.getBody(), ""),
        Redrive.isRedriven(message));
  }

  /** Omits the body, which must not reach a log. */
  @Override
  public String toString() {
    return "ReceivedMessage[id=" + id + "]";
  }
}
