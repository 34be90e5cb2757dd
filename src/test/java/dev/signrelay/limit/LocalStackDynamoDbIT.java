package dev.signrelay.limit;

import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.testing.LocalStack;
import dev.signrelay.testing.TestTables;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIf;
import org.testcontainers.localstack.LocalStackContainer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Runs the contract on LocalStack, if Docker is available. */
@EnabledIf(
    value = "dev.signrelay.testing.LocalStack#dockerRuns",
    disabledReason = LocalStack.NEEDS_DOCKER)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LocalStackDynamoDbIT extends ScheduleStoreContract {

  private LocalStackContainer container;
  private DynamoDbClient dynamoDb;

  @BeforeAll
  void start() {
    container = LocalStack.start("dynamodb");
    dynamoDb = DynamoDbServer.client(container.getEndpoint());
  }

  /** What has not started is null and not closed, so that the failure of the start is reported. */
  @AfterAll
  void stop() {
    try (var _ = container;
        var _ = dynamoDb) {
      // The client is closed first.
    }
  }

  @Override
  ScheduleStore emptyStore() {
    return new DynamoDbScheduleStore(() -> dynamoDb, TestTables.create(dynamoDb), Instant::now);
  }
}
