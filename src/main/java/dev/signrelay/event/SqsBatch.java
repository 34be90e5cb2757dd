package dev.signrelay.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch of SQS messages, and the report on it (AWS Lambda developer guide, "Using Lambda with
 * SQS").
 */
public record SqsBatch(List<Message> messages) {

  /**
   * The name of the message attribute with the time at which a job was sent, in milliseconds since
   * the epoch.
   */
  public static final String SENT_AT = "sentAt";

  /** Covers the difference of two clocks, and requests that the SDK repeats. */
  private static final Duration SEND_TOLERANCE = Duration.ofMinutes(1);

  /**
   * One message of a batch.
   *
   * @param id the id that SQS gave the message; unrelated to the job's id
   * @param redriven whether the message was moved here from the dead-letter queue: SQS then
   *     enqueued it again, later than it was sent
   */
  public record Message(String id, String body, boolean redriven) {

    /** Omits the body, which must not reach a log. */
    @Override
    public String toString() {
      return "Message[id=" + id + "]";
    }
  }

  public SqsBatch {
    messages = List.copyOf(messages);
  }

  /**
   * Reads an event.
   *
   * @throws MalformedJsonException if the event is not JSON
   * @throws IOException if the event cannot be read
   */
  public static SqsBatch read(InputStream event) throws IOException, MalformedJsonException {
    var messages = new ArrayList<Message>();
    for (JsonNode r : Json.read(event).path("Records")) {
      messages.add(
          new Message(r.path("messageId").asText(), r.path("body").asText(), isRedriven(r)));
    }
    return new SqsBatch(messages);
  }

  /** A redriven message has a new {@code SentTimestamp}, and its attributes are unchanged. */
  private static boolean isRedriven(JsonNode message) {
    long enqueued = message.path("attributes").path("SentTimestamp").asLong();
    long sent = message.path("messageAttributes").path(SENT_AT).path("stringValue").asLong();
    return sent > 0 && enqueued - sent > SEND_TOLERANCE.toMillis();
  }

  /**
   * Writes the partial batch response: Lambda deletes every other message of the batch.
   *
   * @param failedIds the ids of the messages that stay in the queue
   */
  public static void report(List<String> failedIds, OutputStream answer) throws IOException {
    ObjectNode report = Json.object();
    ArrayNode failures = report.putArray("batchItemFailures");
    failedIds.forEach(id -> failures.addObject().put("itemIdentifier", id));
    answer.write(Json.write(report).getBytes(StandardCharsets.UTF_8));
  }
}
