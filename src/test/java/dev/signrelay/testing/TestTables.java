package dev.signrelay.testing;

import static software.amazon.awssdk.services.dynamodb.model.BillingMode.PAY_PER_REQUEST;
import static software.amazon.awssdk.services.dynamodb.model.KeyType.HASH;
import static software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType.S;

import java.util.UUID;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/** Tables with a string, {@code id}, as their key. */
public final class TestTables {

  private TestTables() {}

  /** Creates a table and returns its new name. */
  public static String create(DynamoDbClient client) {
    return create(client, "table-" + UUID.randomUUID());
  }

  /** Creates a table and returns its name. */
  public static String create(DynamoDbClient client, String table) {
    client.createTable(
        t ->
            t.tableName(table)
                .billingMode(PAY_PER_REQUEST)
                .attributeDefinitions(
                    AttributeDefinition.builder().attributeName("id").attributeType(S).build())
                .keySchema(KeySchemaElement.builder().attributeName("id").keyType(HASH).build()));
    client.waiter().waitUntilTableExists(d -> d.tableName(table));
    return table;
  }
}
