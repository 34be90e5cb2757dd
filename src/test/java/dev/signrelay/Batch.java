package dev.signrelay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.retry.Job;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A batch of queue messages for RetryFunction: bodies by message id. */
record Batch(Map<String, String> bodies) {

  static Batch of(Job... jobs) {
    Batch batch = empty();
    for (Job job : jobs) {
      batch = batch.with("message-" + batch.bodies.size(), job);
    }
    return batch;
  }

  static Batch empty() {
    return new Batch(Map.of());
  }

  Batch with(String id, Job job) {
    return with(id, JobCodec.encode(job));
  }

  Batch with(String id, String body) {
    var more = new LinkedHashMap<>(bodies);
    more.put(id, body);
    return new Batch(more);
  }

  /** Hands the batch to the function and tells which messages the queue must keep. */
  List<String> failed(Parts parts) {
    return failed(parts, Duration.ofSeconds(30));
  }

  /**
   * @param time that the function has
   */
  List<String> failed(Parts parts, Duration time) {
    ObjectNode event = Json.object();
    var records = event.putArray("Records");
    bodies.forEach((id, body) -> records.addObject().put("messageId", id).put("body", body));
    JsonNode report =
        new LambdaFunction("RetryFunction", new RetryHandler(parts.wiring()), time)
            .invoke(Json.write(event));
    return report
        .path("batchItemFailures")
        .valueStream()
        .map(f -> f.path("itemIdentifier").asText())
        .toList();
  }
}
