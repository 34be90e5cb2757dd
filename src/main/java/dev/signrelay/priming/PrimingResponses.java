package dev.signrelay.priming;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.queue.ReceivedMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;

/**
 * The responses of the upstream, a receiver, SQS, DynamoDB and Secrets Manager during {@link
 * Priming}. In DynamoDB, an idle schedule exists. Four jobs wait in line, two of which the upstream
 * signs.
 */
final class PrimingResponses {

  /** A message that the upstream signs. */
  static final String SIGNED = "signed";

  /** A message to which the upstream responds 503. */
  static final String REFUSED = "refused";

  /** The text of the secret {@link #KEY_ARN}. */
  static final String KEY = "the-key-of-priming";

  static final String KEY_ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:key-000000";

  static final String CALLBACK_SECRET_ARN =
      "arn:aws:secretsmanager:us-east-1:000000000000:secret:callback-000000";

  /** The table of jobs' records. The other one is the rate limiter's. */
  static final String JOB_TABLE = "priming-jobs";

  /** The request for credentials. */
  private static final String CREDENTIALS = "GET /credentials";

  /** The age of the schedule that is read. The first call rebuilds it, as after a pause. */
  private static final Duration IDLE = Duration.ofMinutes(5);

  private static final String CALLBACK_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  /**
   * A response.
   *
   * @param body JSON if it begins with a brace, otherwise plain text
   */
  private record Response(int status, String body) {}

  private final int callsPerMinute;
  private final InstantSource clock;

  /** Each third response keeps its connection: both opening and reusing one are primed. */
  private final AtomicInteger awsResponses = new AtomicInteger();

  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();

  PrimingResponses(int callsPerMinute, InstantSource clock) {
    this.callsPerMinute = callsPerMinute;
    this.clock = clock;
  }

  /** Answers a request. */
  void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Response response =
          target == null
              ? respond(line)
              : new Response(200, respond(target.substring(target.indexOf('.') + 1), read(body)));
      byte[] bytes = response.body.getBytes(StandardCharsets.UTF_8);
      boolean isJson = response.body.startsWith("{");
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", isJson ? "application/json" : "text/plain");
      if (target != null && target.startsWith("DynamoDB")) {
        headers.set("x-amz-crc32", crc32(bytes));
      }
      if (line.startsWith(CREDENTIALS)) {
        // The JDK's client runs the code that keeps a connection, but closes it: a snapshot must
        // not contain one.
        headers.set("Connection", "keep-alive");
        headers.set("Keep-Alive", "timeout=0");
      }
      if (target != null && awsResponses.incrementAndGet() % 3 > 0) {
        headers.set("Connection", "close");
      }
      exchange.sendResponseHeaders(response.status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  /** The checksum of a body. DynamoDB sends one with each response. */
  private static String crc32(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return Long.toString(crc.getValue());
  }

  /** The response of an AWS service to an operation. */
  private String respond(String operation, JsonNode request) {
    return switch (operation) {
      case "SendMessage" -> "{\"MessageId\":\"priming\"}";
      case "SendMessageBatch", "DeleteMessageBatch", "ChangeMessageVisibilityBatch" ->
          Json.writeAscii(done(request));
      case "GetQueueAttributes" -> {
        waiting.addAll(List.of(SIGNED, REFUSED, SIGNED, REFUSED));
        yield "{\"Attributes\":{\"ApproximateNumberOfMessages\":\"4\"}}";
      }
      case "ReceiveMessage" -> received();
      case "GetItem" -> "{\"Item\":" + (isOfJobs(request) ? job() : schedule(IDLE)) + "}";
      case "UpdateItem" ->
          isOfJobs(request) ? "{}" : "{\"Attributes\":" + schedule(Duration.ZERO) + "}";
      case "GetSecretValue" ->
          request.path("SecretId").asText().equals(KEY_ARN) ? secret(KEY) : secret(CALLBACK_SECRET);
      default -> "{}";
    };
  }

  private static boolean isOfJobs(JsonNode request) {
    return request.path("TableName").asText().equals(JOB_TABLE);
  }

  private static JsonNode read(String body) {
    try {
      return Json.readObject(body);
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("the SDK sends JSON", e);
    }
  }

  /**
   * All entries of a batch succeed. The SDK ignores members that a kind of result does not have.
   */
  private static Map<String, ?> done(JsonNode request) {
    List<?> done =
        request
            .path("Entries")
            .valueStream()
            .map(entry -> Map.of("Id", entry.path("Id").asText(), "MessageId", "priming"))
            .toList();
    return Map.of("Successful", done, "Failed", List.of());
  }

  private static String secret(String text) {
    return "{\"SecretString\":\"" + text + "\"}";
  }

  /** The response of the upstream, a receiver or the endpoint of credentials. */
  private Response respond(String line) {
    if (line.startsWith(CREDENTIALS)) {
      return new Response(200, credentials());
    }
    if (line.startsWith("POST")) {
      return new Response(204, "");
    }
    return line.contains(REFUSED)
        ? new Response(503, "unavailable")
        : new Response(200, "signature");
  }

  /**
   * The next job in line. Each request for the length of the line adds four. A request returns one,
   * because a response of the limiter's table grants one call.
   */
  private String received() {
    String message = waiting.poll();
    if (message == null) {
      return "{}";
    }
    var acceptance = new Acceptance("priming", URI.create("https://localhost/"), clock.instant());
    String now = Long.toString(clock.millis());
    var sentAt = Map.of("DataType", "Number", "StringValue", now);
    var received =
        Map.of(
            "MessageId", "priming",
            "ReceiptHandle", "priming",
            "Body", JobCodec.encode(NeedsSignature.first(acceptance, message)),
            "Attributes", Map.of("SentTimestamp", now),
            "MessageAttributes", Map.of(ReceivedMessage.SENT_AT, sentAt));
    return Json.writeAscii(Map.of("Messages", List.of(received)));
  }

  private String schedule(Duration age) {
    String slot = "{\"N\":\"" + clock.instant().minus(age).toEpochMilli() + "\"}";
    return """
        {"id":{"S":"schedule"},"version":{"S":"priming"},"periodMillis":{"N":"%d"},\
        "calls":{"N":"%d"},"slots":{"L":[%s]},"granted":{"N":"1"},"freeFrom":{"N":"0"},\
        "askedAt":{"N":"0"},"waiting":{"N":"0"},"takenBy":{"S":"priming"}}"""
        .formatted(
            SlidingWindowLimiter.PERIOD.toMillis(),
            callsPerMinute,
            String.join(",", Collections.nCopies(callsPerMinute, slot)));
  }

  private String credentials() {
    return """
        {"AccessKeyId":"priming","SecretAccessKey":"priming","Token":"priming","Expiration":"%s"}"""
        .formatted(clock.instant().plus(Duration.ofHours(6)));
  }

  private String job() {
    return """
        {"id":{"S":"priming"},"status":{"S":"waiting"},"acceptedAt":{"N":"%1$d"},\
        "nextAttemptAt":{"N":"%1$d"},"expiresAt":{"N":"%2$d"}}"""
        .formatted(clock.millis(), clock.instant().getEpochSecond() + 60);
  }
}
