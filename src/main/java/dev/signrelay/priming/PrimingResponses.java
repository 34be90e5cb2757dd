package dev.signrelay.priming;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.priming.LoopbackServer.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The responses of the upstream, a receiver, SQS and DynamoDB during {@link Priming}. DynamoDB
 * responds as to a process that is not the first one: the schedule exists and is incremented.
 */
record PrimingResponses(int callsPerMinute, InstantSource clock) {

  /** A message that the upstream signs. */
  static final String SIGNED = "signed";

  /** A message to which the upstream responds 503. */
  static final String REFUSED = "refused";

  Response respond(LoopbackRequest request) {
    return switch (request.awsOperation()) {
      case "SendMessage" -> new Response(200, Json.writeAscii(sent(read(request))));
      case "SendMessageBatch" -> new Response(200, Json.writeAscii(sentAll(read(request))));
      case "PutItem" -> new Response(400, Json.writeAscii(conflict()));
      case "UpdateItem" -> new Response(200, "{\"Attributes\":{\"granted\":{\"N\":\"1\"}}}");
      default -> respondToOthers(request.line());
    };
  }

  private static JsonNode read(LoopbackRequest request) {
    try {
      return Json.read(request.body());
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("the SQS client sends JSON", e);
    }
  }

  private static Map<String, ?> sentAll(JsonNode request) {
    List<Map<String, String>> sent =
        request.path("Entries").valueStream().map(PrimingResponses::sent).toList();
    return Map.of("Successful", sent, "Failed", List.of());
  }

  /** The client verifies the digest of the body (Amazon SQS API reference, SendMessage). */
  private static Map<String, String> sent(JsonNode message) {
    try {
      byte[] body = message.path("MessageBody").asText().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("MD5").digest(body);
      return Map.of(
          "Id", message.path("Id").asText(),
          "MessageId", "priming",
          "MD5OfMessageBody", HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("MD5 is not available", e);
    }
  }

  private static Response respondToOthers(String line) {
    if (line.startsWith("POST")) {
      return new Response(204, "");
    }
    return line.contains(REFUSED)
        ? new Response(503, "unavailable")
        : new Response(200, "signature");
  }

  private Map<String, Object> conflict() {
    Map<String, String> slot = number(clock.millis());
    return Map.of(
        "__type",
        "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "Item",
        Map.of(
            "id", Map.of("S", "schedule"),
            "version", Map.of("S", "priming"),
            "periodMillis", number(SlidingWindowLimiter.PERIOD.toMillis()),
            "slots", Map.of("L", Collections.nCopies(callsPerMinute, slot)),
            "granted", number(0)));
  }

  private static Map<String, String> number(long value) {
    return Map.of("N", Long.toString(value));
  }
}
