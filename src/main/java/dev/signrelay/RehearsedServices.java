package dev.signrelay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.loopback.LoopbackRequest;
import dev.signrelay.loopback.LoopbackServer.Answer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What the upstream, a receiver, SQS and DynamoDB answer a {@link Rehearsal}. DynamoDB answers as
 * it does to a process that is not the first one: its schedule is there already, and one is counted
 * up.
 */
record RehearsedServices(int callsPerMinute, InstantSource clock) {

  /** A message that the upstream signs, and one for which it is not available. */
  static final String SIGNED = "signed";

  static final String REFUSED = "refused";

  Answer answer(LoopbackRequest request) {
    return switch (request.awsOperation()) {
      case "SendMessage" -> new Answer(200, Json.writeAscii(sent(read(request))));
      case "SendMessageBatch" -> new Answer(200, Json.writeAscii(allSent(read(request))));
      case "PutItem" -> new Answer(400, Json.writeAscii(taken()));
      case "UpdateItem" -> new Answer(200, "{\"Attributes\":{\"granted\":{\"N\":\"1\"}}}");
      default -> answerOthers(request.line());
    };
  }

  private static JsonNode read(LoopbackRequest request) {
    try {
      return Json.read(request.body());
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("SQS's client sends JSON", e);
    }
  }

  private static Map<String, ?> allSent(JsonNode request) {
    List<Map<String, String>> sent =
        request.path("Entries").valueStream().map(RehearsedServices::sent).toList();
    return Map.of("Successful", sent, "Failed", List.of());
  }

  /** The client checks that SQS has got what it sent (Amazon SQS API reference, SendMessage). */
  private static Map<String, String> sent(JsonNode message) {
    try {
      byte[] body = message.path("MessageBody").asText().getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("MD5").digest(body);
      return Map.of(
          "Id", message.path("Id").asText(),
          "MessageId", "rehearsed",
          "MD5OfMessageBody", HexFormat.of().formatHex(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }

  private static Answer answerOthers(String line) {
    if (line.startsWith("POST")) {
      return new Answer(204, "");
    }
    return line.contains(REFUSED) ? new Answer(503, "unavailable") : new Answer(200, "signature");
  }

  private Map<String, Object> taken() {
    Map<String, String> slot = number(clock.millis());
    return Map.of(
        "__type",
        "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
        "Item",
        Map.of(
            "id", Map.of("S", "schedule"),
            "version", Map.of("S", "rehearsed"),
            "periodMillis", number(SlidingWindowLimiter.PERIOD.toMillis()),
            "slots", Map.of("L", Collections.nCopies(callsPerMinute, slot)),
            "granted", number(0)));
  }

  private static Map<String, String> number(long value) {
    return Map.of("N", Long.toString(value));
  }
}
