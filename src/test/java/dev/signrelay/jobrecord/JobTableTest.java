package dev.signrelay.jobrecord;

import dev.signrelay.testing.FakeDynamoDb;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Runs the contract on the table that other tests and the simulator use. */
final class JobTableTest extends JobTableContract {

  private final FakeDynamoDb items = new FakeDynamoDb();

  @Override
  DynamoDbClient client() {
    return items;
  }

  @Override
  String tableName() {
    return "jobs";
  }
}
