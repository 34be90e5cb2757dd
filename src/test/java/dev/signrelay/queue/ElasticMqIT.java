package dev.signrelay.queue;

import dev.signrelay.local.QueueServer;
import java.net.URI;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.sqs.SqsClient;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ElasticMqIT extends JobQueuesContract {

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
}
