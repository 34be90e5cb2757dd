package dev.signrelay.queue;

import dev.signrelay.local.QueueServer;
import dev.signrelay.testing.LocalStack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.localstack.LocalStackContainer;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Runs the contract on LocalStack, if Docker is available. */
@EnabledIf(
    value = "dev.signrelay.testing.LocalStack#dockerRuns",
    disabledReason = LocalStack.NEEDS_DOCKER)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LocalStackIT extends JobQueuesContract {

  private LocalStackContainer container;
  private SqsClient sqs;

  @BeforeAll
  void start() {
    container = LocalStack.start("sqs");
    sqs = QueueServer.client(container.getEndpoint());
  }

  /** What has not started is null and not closed, so that the failure of the start is reported. */
  @AfterAll
  void stop() {
    try (var _ = container;
        var _ = sqs) {
      // The client is closed first.
    }
  }

  @Override
  SqsClient sqs() {
    return sqs;
  }
}
