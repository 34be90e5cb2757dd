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
import java.util.ArrayList;
import java.util.List;

/**
 * A batch of SQS messages, and the report on it (AWS Lambda developer guide, "Using Lambda with
 * SQS").
 */
public record SqsBatch(List<Message> messages) {

  /**
   * One message of a batch.
   *
   * @param id the id that SQS gave the message; unrelated to the job's id
   */
  public record Message(String id, String body) {

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
      messages.add(new Message(r.path("messageId").asText(), r.path("body").asText()));
    }
    return new SqsBatch(messages);
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
