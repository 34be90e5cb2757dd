package dev.signrelay.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
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
 * Backends} lists the messages.
 */
final class Events {

  private static final ObjectNode REQUEST = read("sign.json");
  private static final ObjectNode RECORD =
      (ObjectNode) read("retry-needs-signature.json").at("/Records/0");

  private Events() {}

  private static ObjectNode read(String name) {
    try {
      return (ObjectNode) new JsonMapper().readTree(new File("events", name));
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
    String callback = encoded(callbackUrl.toString());
    return request("message=" + encoded(message) + "&callback_url=" + callback);
  }

  private static byte[] request(String query) {
    ObjectNode event = REQUEST.deepCopy().put("rawQueryString", query);
    event.withObject("/requestContext").put("timeEpoch", Instant.now().toEpochMilli());
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** A batch of jobs that need a signature. */
  static byte[] batch(List<String> messages, URI callbackUrl) {
    ObjectNode event = new JsonMapper().createObjectNode();
    var records = event.putArray("Records");
    for (String message : messages) {
      String body =
          """
          {"version":1,"stage":"needs-signature","message":"%s","id":"%s","callbackUrl":"%s",\
          "acceptedAt":"%s","attempt":2}"""
              .formatted(message, UUID.randomUUID(), callbackUrl, Instant.now());
      String id = UUID.randomUUID().toString();
      records.add(RECORD.deepCopy().put("messageId", id).put("body", body));
    }
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
