package dev.signrelay.limit;

import dev.signrelay.testing.TestTables;
import java.time.Instant;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Runs the contract on a DynamoDB server, with a new table for each test. */
abstract class DynamoDbContract extends ScheduleStoreContract {

  /** A client of the server under test. */
  abstract DynamoDbClient dynamoDb();

  @Override
  final ScheduleStore emptyStore() {
    return new DynamoDbScheduleStore(this::dynamoDb, newTable(), Instant::now);
  }

  final String newTable() {
    return TestTables.create(dynamoDb());
  }
}
