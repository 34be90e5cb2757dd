package dev.signrelay.limit;

import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.testing.LocalStack;
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
final class LocalStackDynamoDbIT extends DynamoDbContract {

  private LocalStackContainer container;
  private DynamoDbClient dynamoDb;

  @BeforeAll
  void start() {
    container = LocalStack.start("dynamodb");
    dynamoDb = DynamoDbServer.client(container.getEndpoint());
  }

  @AfterAll
  void stop() {
    dynamoDb.close();
    container.stop();
  }

  @Override
  DynamoDbClient dynamoDb() {
    return dynamoDb;
  }
}
