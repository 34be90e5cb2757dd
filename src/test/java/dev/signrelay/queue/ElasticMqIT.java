package dev.signrelay.queue;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.job.Job;
import dev.signrelay.local.QueueServer;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.sqs.SqsClient;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ElasticMqIT extends LineContract {

  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Requeue JOB =
      new Requeue(
          Job.NeedsSignature.first(
              new Job.Acceptance("id", URI.create("https://receiver.example"), Instant.EPOCH),
              "hello"),
          Duration.ZERO);

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
    Supplier<SqsClient> client = () -> QueueServer.client(URI.create(endpoint));
    var queues =
        new SqsJobQueues(client, _ -> endpoint + "/queue", endpoint + "/dead", new SystemTime());
    var line = new SqsLine(client, endpoint + "/line", new SystemTime());
    var waiting = List.of(new ReceivedMessage("id", "receipt", "body", false));

    Stream.<ThrowingCallable>of(
            () -> queues.send(JOB, SHORT),
            () -> line.length(SHORT),
            () -> line.receive(1, SHORT, SHORT),
            () -> queues.deadLetter(waiting.getFirst(), "no JSON", SHORT),
            () -> line.remove(waiting, SHORT),
            () -> line.release(waiting, SHORT))
        .forEach(call -> assertThatThrownBy(call).isInstanceOf(QueueUnavailableException.class));
  }
}
