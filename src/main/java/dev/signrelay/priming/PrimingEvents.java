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

  /** The start of an event of API Gateway, with most of the members that a real one has. */
  private static final String REQUEST =
      """
      {"version":"2.0","routeKey":"%1$s","rawPath":"/","isBase64Encoded":false,
      "headers":{"accept":"*/*","content-type":"application/json","host":"localhost",
      "user-agent":"priming","x-api-key":"%2$s","x-forwarded-for":"192.0.2.1",
      "x-forwarded-port":"443","x-forwarded-proto":"https"},
      "requestContext":{"accountId":"priming","apiId":"priming","domainName":"localhost",
      "domainPrefix":"localhost","requestId":"priming","routeKey":"%1$s","stage":"$default",
      "time":"priming","timeEpoch":1,"http":{"method":"GET","path":"/","protocol":"HTTP/1.1",
      "sourceIp":"192.0.2.1","userAgent":"priming"}},
      """;

  private PrimingEvents() {}

  static InputStream query(String query, String key) {
    return request("GET /crypto/sign", key, Map.of("rawQueryString", query));
  }

  static InputStream body(Map<String, String> members, String key) {
    return request("POST /crypto/sign", key, Map.of("body", Json.writeAscii(members)));
  }

  static InputStream job(String id, String key) {
    return request("GET /crypto/jobs/{id}", key, Map.of("pathParameters", Map.of("id", id)));
  }

  private static InputStream request(String route, String key, Map<String, ?> members) {
    String withoutBrace = Json.writeAscii(members).substring(1);
    return stream(REQUEST.formatted(route, key) + withoutBrace);
  }

  static InputStream batch(List<Job> jobs) {
    return json(Map.of("Records", jobs.stream().map(PrimingEvents::message).toList()));
  }

  private static Map<String, ?> message(Job job) {
    var attributes =
        Map.of(
            "ApproximateReceiveCount", SENT,
            "SentTimestamp", SENT,
            "SenderId", "priming",
            "ApproximateFirstReceiveTimestamp", SENT);
    return Map.of(
        "messageId", "priming",
        "receiptHandle", "priming",
        "body", JobCodec.encode(job),
        "attributes", attributes,
        "messageAttributes", Map.of(ReceivedMessage.SENT_AT, Map.of("stringValue", SENT)),
        "md5OfBody", "priming",
        "eventSource", "aws:sqs",
        "eventSourceARN", "priming",
        "awsRegion", "us-east-1");
  }

  static InputStream tick() {
    return json(Map.of());
  }

  private static InputStream json(Map<String, ?> event) {
    return stream(Json.writeAscii(event));
  }

  private static InputStream stream(String event) {
    return new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));
  }
}
