package dev.signrelay.queue;

import dev.signrelay.local.QueueServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Runs the contract on LocalStack, if Docker is available. */
@EnabledIf(value = "dockerRuns", disabledReason = "LocalStack requires Docker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LocalStackIT extends JobQueuesContract {

  /** 4.14.0, the last community release; later images require a token. */
  private static final DockerImageName IMAGE =
      DockerImageName.parse(
          "localstack/localstack@sha256:"
              + "3ebc37595918b8accb852f8048fef2aff047d465167edd655528065b07bc364a");

  private LocalStackContainer container;
  private SqsClient sqs;

  static boolean dockerRuns() {
    return DockerClientFactory.instance().isDockerAvailable();
  }

  @BeforeAll
  void start() {
    container = new LocalStackContainer(IMAGE).withServices("sqs");
    container.start();
    sqs = QueueServer.client(container.getEndpoint());
  }

  /** A client that was not made is null. A container may exist without having become ready. */
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
