package dev.signrelay.limit;

import static software.amazon.awssdk.services.dynamodb.model.BillingMode.PAY_PER_REQUEST;
import static software.amazon.awssdk.services.dynamodb.model.KeyType.HASH;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import java.time.Instant;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/** Runs the contract on a DynamoDB server, with a new table for each test. */
abstract class DynamoDbContract extends ScheduleStoreContract {

  /** A client of the server under test. */
  abstract DynamoDbClient dynamoDb();

  @Override
  final ScheduleStore emptyStore() {
    return new DynamoDbScheduleStore(this::dynamoDb, newTable(), Instant::now);
  }

  final String newTable() {
    String table = "limits-" + System.nanoTime();
    dynamoDb()
        .createTable(
            t ->
                t.tableName(table)
                    .billingMode(PAY_PER_REQUEST)
                    .attributeDefinitions(
                        AttributeDefinition.builder().attributeName("id").attributeType(S).build())
                    .keySchema(
                        KeySchemaElement.builder().attributeName("id").keyType(HASH).build()));
    dynamoDb().waiter().waitUntilTableExists(d -> d.tableName(table));
    return table;
  }
}
