package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.job.Job;
import dev.signrelay.local.QueueServer;
import dev.signrelay.queue.RetryQueue.QueueUnavailableException;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.sqs.SqsClient;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ElasticMqIT extends RetryQueueContract {

  private static final Job JOB =
      Job.NeedsSignature.first(
          new Job.Acceptance("id", URI.create("https://receiver.example"), Instant.EPOCH), "hello");

  private SQSRestServer server;
  private SqsClient sqs;

  @BeforeAll
  void start() {
    server = SQSRestServerBuilder.withDynamicPort().withInterface("127.0.0.1").start();
    int port = server.waitUntilStarted().localAddress().getPort();
    sqs = QueueServer.client(URI.create("http://localhost:" + port));
  }

  @AfterAll
  void stop() {
    sqs.close();
    server.stopAndWait();
  }

  @Override
  SqsClient sqs() {
    return sqs;
  }

  @Test
  void aServerThatRefusesTheConnectionIsUnavailable() throws IOException {
    try (var port = new RefusingPort()) {
      assertUnavailable(port.url().toString());
    }
  }

  @Test
  void aServerThatNeverAnswersIsUnavailableAfterTheTimeout() throws IOException {
    try (var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      assertUnavailable("http://localhost:" + silent.getLocalPort());
    }
  }

  private static void assertUnavailable(String endpoint) {
    var queue =
        new SqsRetryQueue(
            () -> QueueServer.client(URI.create(endpoint)),
            endpoint + "/retry",
            endpoint + "/dead",
            new SystemTime());
    assertThatThrownBy(() -> queue.send(JOB, Duration.ZERO, Duration.ofMillis(500)))
        .isInstanceOf(QueueUnavailableException.class);
  }
}
