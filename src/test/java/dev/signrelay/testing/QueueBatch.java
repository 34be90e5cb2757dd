package dev.signrelay.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.RetryHandler;
import dev.signrelay.app.Services;
import dev.signrelay.job.Job;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.queue.JobCodec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A batch of queue messages for RetryFunction: the bodies by message id. */
public record QueueBatch(Map<String, String> bodies) {

  public static QueueBatch of(Job... jobs) {
    QueueBatch batch = empty();
    for (Job job : jobs) {
      batch = batch.with("message-" + batch.bodies.size(), job);
    }
    return batch;
  }

  public static QueueBatch empty() {
    return new QueueBatch(Map.of());
  }

  public QueueBatch with(String id, Job job) {
    return with(id, JobCodec.encode(job));
  }

  public QueueBatch with(String id, String body) {
    var more = new LinkedHashMap<>(bodies);
    more.put(id, body);
    return new QueueBatch(more);
  }

  /** Invokes RetryFunction with the batch and returns the ids of the failed messages. */
  public List<String> failed(FakeServices fakes) {
    return failed(fakes, Duration.ofSeconds(30));
  }

  /**
   * @param time the remaining time of the invocation
   */
  public List<String> failed(FakeServices fakes, Duration time) {
    return failed(fakes.services(), time);
  }

  /**
   * @param time the remaining time of the invocation
   */
  public List<String> failed(Services services, Duration time) {
    ObjectNode event = Json.object();
    var records = event.putArray("Records");
    bodies.forEach((id, body) -> records.addObject().put("messageId", id).put("body", body));
    JsonNode report =
        new LambdaFunction("RetryFunction", new RetryHandler(services), time)
            .invoke(Json.write(event));
    return report
        .path("batchItemFailures")
        .valueStream()
        .map(f -> f.path("itemIdentifier").asText())
        .toList();
  }
}
