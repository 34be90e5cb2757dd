package dev.signrelay.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * What AWS hands over: the sample events of {@code events/} with other contents. What a message
 * says is what the upstream does: see {@link Upstream}.
 */
final class Events {

  private static final String REQUEST = read("/events/sign.json");

  private Events() {}

  /** A request of now, without a callback. */
  static byte[] sign(String message) {
    return request("message=" + encoded(message));
  }

  /** A request of now, with a callback. */
  static byte[] sign(String message, String callbackUrl) {
    return request("message=" + encoded(message) + "&callback_url=" + encoded(callbackUrl));
  }

  private static byte[] request(String query) {
    return REQUEST
        .replaceFirst("(\"rawQueryString\": )\"[^\"]*\"", "$1\"" + query + "\"")
        .replaceFirst("(\"timeEpoch\": )\\d+", "$1" + Instant.now().toEpochMilli())
        .getBytes(StandardCharsets.UTF_8);
  }

  /** A batch of jobs that need signatures. */
  static byte[] batch(List<String> messages, String callbackUrl) {
    return messages.stream()
        .map(message -> record(job(message, callbackUrl)))
        .collect(Collectors.joining(",", "{\"Records\":[", "]}"))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String job(String message, String callbackUrl) {
    return """
    {"version":1,"stage":"needs-signature","message":"%s","id":"%s","callbackUrl":"%s",\
    "acceptedAt":"%s","attempt":2}"""
        .formatted(message, UUID.randomUUID(), callbackUrl, Instant.now());
  }

  private static String record(String body) {
    String now = Long.toString(Instant.now().toEpochMilli());
    return """
    {"messageId":"%s","receiptHandle":"receipt","body":"%s","attributes":{\
    "ApproximateReceiveCount":"1","SentTimestamp":"%s","SenderId":"AIDAEXAMPLE",\
    "ApproximateFirstReceiveTimestamp":"%s"},"messageAttributes":{},"md5OfBody":"",\
    "eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:us-east-1:123456789012:RetryQueue",\
    "awsRegion":"us-east-1"}"""
        .formatted(UUID.randomUUID(), body.replace("\"", "\\\""), now, now);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String read(String resource) {
    try (InputStream in = Events.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
