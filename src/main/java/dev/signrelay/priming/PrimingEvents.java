package dev.signrelay.priming;

import dev.signrelay.job.Job;
import dev.signrelay.json.Json;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.ReceivedMessage;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The sample events of {@link Priming}, as JSON. */
final class PrimingEvents {

  private static final String SENT = "1";

  private PrimingEvents() {}

  static InputStream query(String query, String key) {
    return json(Map.of("rawQueryString", query, "headers", Map.of("x-api-key", key)));
  }

  static InputStream body(Map<String, String> members, String key) {
    return json(
        Map.of(
            "routeKey",
            "POST /crypto/sign",
            "body",
            Json.writeAscii(members),
            "headers",
            Map.of("x-api-key", key, "content-type", "application/json")));
  }

  static InputStream job(String id, String key) {
    return json(
        Map.of(
            "routeKey",
            "GET /crypto/jobs/{id}",
            "pathParameters",
            Map.of("id", id),
            "headers",
            Map.of("x-api-key", key)));
  }

  static InputStream batch(List<Job> jobs) {
    return json(Map.of("Records", jobs.stream().map(PrimingEvents::message).toList()));
  }

  private static Map<String, ?> message(Job job) {
    return Map.of(
        "messageId",
        "priming",
        "body",
        JobCodec.encode(job),
        "attributes",
        Map.of("SentTimestamp", SENT),
        "messageAttributes",
        Map.of(ReceivedMessage.SENT_AT, Map.of("stringValue", SENT)));
  }

  static InputStream tick() {
    return json(Map.of());
  }

  private static InputStream json(Map<String, ?> event) {
    return new ByteArrayInputStream(Json.writeAscii(event).getBytes(StandardCharsets.UTF_8));
  }
}
