package dev.signrelay.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.job.Job;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.QueueServer;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.queue.JobQueues;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.queue.Line;
import dev.signrelay.queue.SqsJobQueues;
import dev.signrelay.queue.SqsLine;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.ServerFault;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The clients report faulty servers in place of SQS and DynamoDB as unavailable in time. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class AwsMisbehaviourIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration HOLD = Duration.ofMinutes(1);
  private static final Requeue JOB =
      new Requeue(
          Job.NeedsSignature.first(
              new Job.Acceptance("id", URI.create("https://receiver.example"), Instant.EPOCH),
              "hello"),
          Duration.ZERO);

  /** The first call loads classes, which may take longer than the short timeout. */
  @BeforeAll
  static void warmUp() throws IOException {
    try (var server = RawServer.start(ConnectionHandlers.answers(200, "{}"))) {
      // SQS responds with the id of the message.
      assertThatThrownBy(() -> queues(server.url("")).send(JOB, AMPLE))
          .isInstanceOf(QueueUnavailableException.class);
      assertThat(line(server.url("")).receive(1, HOLD, AMPLE)).isEmpty();
      // DynamoDB responds with the item.
      assertThatThrownBy(() -> limiter(server.url("")).noteLine(1, AMPLE))
          .isInstanceOf(LimiterUnavailableException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(value = ServerFault.class, mode = EnumSource.Mode.MATCH_NONE, names = "FLOODS.*")
  void aFaultyServerStoresNoJobReturnsNoneOfTheLineAndGrantsNoCall(ServerFault fault)
      throws IOException {
    try (var server = RawServer.start(fault)) {
      assertUnavailable(server.url(""));
      assertThat(server.connections()).isGreaterThanOrEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ThrottlingException", "ProvisionedThroughputExceededException"})
  void aThrottledRequestIsRetriedUntilTheDeadline(String type) throws IOException {
    String error = "{\"__type\":\"com.amazonaws#" + type + "\",\"message\":\"slow down\"}";
    try (var server = RawServer.start(ConnectionHandlers.answers(400, error))) {
      assertUnavailable(server.url(""));
      assertThat(server.requests()).hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void aServerThatSpeaksPlainHttpWhereTlsIsExpectedIsUnavailable() throws IOException {
    try (var server =
        RawServer.start(ConnectionHandlers.answersImmediately("HTTP/1.1 200 OK\r\n\r\n{}"))) {
      assertUnavailable(server.tlsUrl(""));
    }
  }

  @Test
  void aNameThatDoesNotResolveIsUnavailable() {
    // A label of more than 63 characters is invalid, so no DNS query is sent.
    URI nowhere = URI.create("http://" + "x".repeat(64) + ".test");

    assertUnavailable(nowhere);
  }

  @Test
  @Timeout(5)
  void aHandshakeThatNeverEndsIsUnavailableInTime() throws IOException {
    try (var server = RawServer.start(RawServer.Connection::awaitClose)) {
      assertUnavailable(server.tlsUrl(""));
      assertThat(server.connections()).isPositive();
    }
  }

  private static void assertUnavailable(URI endpoint) {
    assertThatThrownBy(() -> queues(endpoint).send(JOB, TIMEOUT))
        .isInstanceOf(QueueUnavailableException.class);
    assertThatThrownBy(() -> line(endpoint).receive(10, HOLD, TIMEOUT))
        .isInstanceOf(QueueUnavailableException.class);
    assertThatThrownBy(() -> limiter(endpoint).acquire(Duration.ZERO, TIMEOUT))
        .isInstanceOf(LimiterUnavailableException.class);
  }

  private static JobQueues queues(URI endpoint) {
    String url = endpoint + "/queue";
    SqsClient client = QueueServer.client(endpoint);
    return new SqsJobQueues(() -> client, _ -> url, url, new SystemTime());
  }

  private static Line line(URI endpoint) {
    SqsClient client = QueueServer.client(endpoint);
    return new SqsLine(() -> client, endpoint + "/line", new SystemTime());
  }

  private static RateLimiter limiter(URI endpoint) {
    DynamoDbClient client = DynamoDbServer.client(endpoint);
    return SlidingWindowLimiter.inTable(() -> client, "limits", 10, new SystemTime(), () -> "v");
  }
}
