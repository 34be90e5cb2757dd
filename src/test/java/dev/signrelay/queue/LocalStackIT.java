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

/** The same contract on LocalStack, where Docker runs. */
@EnabledIf(value = "dockerRuns", disabledReason = "needs a Docker engine")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LocalStackIT extends RetryQueueContract {

  /** The last community release: later images want a token. */
  private static final DockerImageName IMAGE =
      DockerImageName.parse("localstack/localstack:4.14.0");

  private LocalStackContainer container;
  private SqsClient sqs;

  static boolean dockerRuns() {
    boolean runs = DockerClientFactory.instance().isDockerAvailable();
    if (!runs) {
      System.out.println("LocalStackIT is skipped: it needs a Docker engine, and none runs here.");
    }
    return runs;
  }

  @BeforeAll
  void start() {
    container = new LocalStackContainer(IMAGE).withServices("sqs");
    container.start();
    sqs = QueueServer.client(container.getEndpoint());
  }

  @AfterAll
  void stop() {
    sqs.close();
    container.stop();
  }

  @Override
  SqsClient sqs() {
    return sqs;
  }
}
