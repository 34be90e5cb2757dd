package dev.signrelay.priming;

import com.sun.net.httpserver.HttpExchange;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.json.Json;
import dev.signrelay.json.Json.MalformedJsonException;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.queue.JobCodec;
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

/**
 * The responses of the upstream, a receiver, SQS, DynamoDB and Secrets Manager during {@link
 * Priming}. In DynamoDB, a schedule exists already. Four jobs wait in line, two of which the
 * upstream signs.
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

  private static final String CALLBACK_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

  /**
   * A response.
   *
   * @param body JSON if it begins with a brace, otherwise plain text
   */
  private record Response(int status, String body) {}

  private final int callsPerMinute;
  private final InstantSource clock;
  private final Queue<String> waiting = new ConcurrentLinkedQueue<>();

  PrimingResponses(int callsPerMinute, InstantSource clock) {
    this.callsPerMinute = callsPerMinute;
    this.clock = clock;
  }

  /** Answers a request and closes its connection: a snapshot must not contain one. */
  void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      Response response =
          target == null
              ? respond(exchange.getRequestMethod() + " " + exchange.getRequestURI())
              : respond(target.substring(target.indexOf('.') + 1), read(body));
      byte[] bytes = response.body.getBytes(StandardCharsets.UTF_8);
      boolean isJson = response.body.startsWith("{");
      exchange.getResponseHeaders().set("Connection", "close");
      exchange.getResponseHeaders().set("Content-Type", isJson ? "application/json" : "text/plain");
      exchange.sendResponseHeaders(response.status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
    }
  }

  /** The response of an AWS service to an operation. */
  private Response respond(String operation, Map<?, ?> request) {
    return switch (operation) {
      case "SendMessage" -> new Response(200, Json.writeAscii(sent(request)));
      case "SendMessageBatch" -> new Response(200, Json.writeAscii(sentAll(request)));
      case "GetQueueAttributes" -> {
        waiting.addAll(List.of(SIGNED, REFUSED, SIGNED, REFUSED));
        yield new Response(200, "{\"Attributes\":{\"ApproximateNumberOfMessages\":\"4\"}}");
      }
      case "ReceiveMessage" -> new Response(200, Json.writeAscii(received()));
      case "DeleteMessageBatch", "ChangeMessageVisibilityBatch" ->
          new Response(200, "{\"Successful\":[],\"Failed\":[]}");
      case "GetItem" ->
          new Response(
              200, Json.writeAscii(Map.of("Item", isOfJobs(request) ? job() : schedule())));
      case "UpdateItem" ->
          new Response(
              200,
              Json.writeAscii(isOfJobs(request) ? Map.of() : Map.of("Attributes", schedule())));
      case "GetSecretValue" -> new Response(200, Json.writeAscii(secret(request)));
      default -> new Response(200, "{}");
    };
  }

  private static boolean isOfJobs(Map<?, ?> request) {
    return JOB_TABLE.equals(request.get("TableName"));
  }

  private static Map<?, ?> read(String body) {
    try {
      return Json.readObject(body);
    } catch (MalformedJsonException e) {
      throw new IllegalStateException("the SDK sends JSON", e);
    }
  }

  private static Map<String, ?> sentAll(Map<?, ?> request) {
    List<?> entries = (List<?>) request.get("Entries");
    List<?> sent = entries.stream().map(entry -> sent(Json.members(entry))).toList();
    return Map.of("Successful", sent, "Failed", List.of());
  }

  private static Map<String, String> sent(Map<?, ?> message) {
    Object id = message.get("Id");
    return Map.of("Id", id == null ? "" : id.toString(), "MessageId", "priming");
  }

  private static Map<String, String> secret(Map<?, ?> request) {
    boolean isKey = KEY_ARN.equals(request.get("SecretId"));
    return Map.of("SecretString", isKey ? KEY : CALLBACK_SECRET);
  }

  /** The response of the upstream, a receiver or the endpoint of credentials. */
  private Response respond(String line) {
    if (line.startsWith("GET /credentials")) {
      return new Response(200, Json.writeAscii(credentials()));
    }
    if (line.startsWith("POST")) {
      return new Response(204, "");
    }
    return line.contains(REFUSED)
        ? new Response(503, "unavailable")
        : new Response(200, "signature");
  }

  /** The next job in line. Each request for the length of the line adds four. */
  private Map<String, ?> received() {
    String message = waiting.poll();
    if (message == null) {
      return Map.of();
    }
    var acceptance = new Acceptance("priming", URI.create("https://localhost/"), clock.instant());
    String body = JobCodec.encode(NeedsSignature.first(acceptance, message));
    return Map.of(
        "Messages",
        List.of(Map.of("MessageId", "priming", "ReceiptHandle", "priming", "Body", body)));
  }

  private Map<String, ?> schedule() {
    return Map.of(
        "id", Map.of("S", "schedule"),
        "version", Map.of("S", "priming"),
        "periodMillis", number(SlidingWindowLimiter.PERIOD.toMillis()),
        "calls", number(callsPerMinute),
        "slots", Map.of("L", Collections.nCopies(callsPerMinute, number(clock.millis()))),
        "granted", number(1),
        "freeFrom", number(0),
        "askedAt", number(0),
        "waiting", number(0),
        "takenBy", Map.of("S", "priming"));
  }

  private Map<String, ?> credentials() {
    return Map.of(
        "AccessKeyId", "priming",
        "SecretAccessKey", "priming",
        "Token", "priming",
        "Expiration", clock.instant().plus(Duration.ofHours(6)).toString());
  }

  private Map<String, ?> job() {
    return Map.of(
        "id", Map.of("S", "priming"),
        "status", Map.of("S", "waiting"),
        "acceptedAt", number(clock.millis()),
        "nextAttemptAt", number(clock.millis()),
        "expiresAt", number(clock.instant().getEpochSecond() + 60));
  }

  private static Map<String, String> number(long value) {
    return Map.of("N", Long.toString(value));
  }
}
