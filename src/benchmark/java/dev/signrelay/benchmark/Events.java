package dev.signrelay.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Lambda events: those of {@code events/}, with the current time and other messages. {@link
 * BackendMain} lists the messages.
 */
final class Events {

  private static final JsonMapper JSON = new JsonMapper();
  private static final ObjectNode REQUEST = read("sign.json");
  private static final ObjectNode BATCH = read("retry-needs-signature.json");

  private Events() {}

  private static ObjectNode read(String name) {
    try {
      return (ObjectNode) JSON.readTree(new File("events", name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A request without a callback. */
  static byte[] sign(String message) {
    return request("message=" + encoded(message));
  }

  /** A request with a callback. */
  static byte[] sign(String message, URI callbackUrl) {
    return request(
        "message=" + encoded(message) + "&callback_url=" + encoded(callbackUrl.toString()));
  }

  private static byte[] request(String query) {
    ObjectNode event = REQUEST.deepCopy().put("rawQueryString", query);
    event.withObject("/requestContext").put("timeEpoch", Instant.now().toEpochMilli());
    return bytes(event);
  }

  /** A batch of jobs that need a signature. */
  static byte[] batch(List<String> messages, URI callbackUrl) {
    ObjectNode event = BATCH.deepCopy();
    ArrayNode records = event.withArray("Records");
    var sample = (ObjectNode) records.get(0);
    records.removeAll();
    String now = Long.toString(Instant.now().toEpochMilli());
    for (String message : messages) {
      ObjectNode record = sample.deepCopy();
      record.put("messageId", UUID.randomUUID().toString());
      record.put("body", job(message, callbackUrl));
      record
          .withObject("/attributes")
          .put("SentTimestamp", now)
          .put("ApproximateFirstReceiveTimestamp", now);
      records.add(record);
    }
    return bytes(event);
  }

  private static String job(String message, URI callbackUrl) {
    return """
    {"version":1,"stage":"needs-signature","message":"%s","id":"%s","callbackUrl":"%s",\
    "acceptedAt":"%s","attempt":2}"""
        .formatted(message, UUID.randomUUID(), callbackUrl, Instant.now());
  }

  private static byte[] bytes(ObjectNode event) {
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
