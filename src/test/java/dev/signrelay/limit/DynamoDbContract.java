package dev.signrelay.limit;

import static software.amazon.awssdk.services.dynamodb.model.BillingMode.PAY_PER_REQUEST;
import static software.amazon.awssdk.services.dynamodb.model.KeyType.HASH;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The contract on a DynamoDB server, with a new table for each test. */
abstract class DynamoDbContract extends ScheduleStoreContract {

  /** A client of the server under test. */
  abstract DynamoDbClient dynamoDb();

  @Override
  final ScheduleStore emptyStore() {
    String table = "limits-" + System.nanoTime();
    dynamoDb()
        .createTable(
            t ->
                t.tableName(table)
                    .billingMode(PAY_PER_REQUEST)
                    .attributeDefinitions(a -> a.attributeName("id").attributeType(S))
                    .keySchema(k -> k.attributeName("id").keyType(HASH)));
    dynamoDb().waiter().waitUntilTableExists(d -> d.tableName(table));
    return new DynamoDbScheduleStore(this::dynamoDb, table);
  }
}
