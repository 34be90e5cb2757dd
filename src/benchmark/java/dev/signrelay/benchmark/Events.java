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
import java.util.stream.Stream;

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
    return records(messages.stream().map(message -> unsigned(message, callbackUrl)));
  }

  /** A batch of jobs whose signatures are to be delivered. */
  static byte[] deliveries(int records, URI callbackUrl) {
    return records(
        Stream.generate(() -> job("needs-callback\",\"signature", "c2lnbmF0dXJl", callbackUrl))
            .limit(records));
  }

  /** The queue message of a job that needs a signature. */
  static String unsigned(String message, URI callbackUrl) {
    return job("needs-signature\",\"message", message, callbackUrl);
  }

  private static String job(String stage, String content, URI callbackUrl) {
    Instant now = Instant.now();
    return """
    {"version":1,"stage":"%s":"%s","calls":1,"id":"%s","callbackUrl":"%s","acceptedAt":"%s",\
    "attempt":1,"since":"%s"}"""
        .formatted(stage, content, UUID.randomUUID(), callbackUrl, now, now);
  }

  private static byte[] records(Stream<String> bodies) {
    ObjectNode event = new JsonMapper().createObjectNode();
    var records = event.putArray("Records");
    bodies.forEach(
        body ->
            records.add(
                RECORD
                    .deepCopy()
                    .put("messageId", UUID.randomUUID().toString())
                    .put("body", body)));
    return event.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
