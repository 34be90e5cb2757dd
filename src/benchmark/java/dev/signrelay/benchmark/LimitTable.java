package dev.signrelay.benchmark;

import dev.signrelay.local.DynamoDbServer;
import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The limiter's table, from outside. */
final class LimitTable implements AutoCloseable {

  private static final String KEY = "id";

  private final DynamoDbClient client;
  private final String name;

  LimitTable(OutsideProcess outside) {
    client = DynamoDbServer.client(URI.create(outside.address("dynamodb")));
    name = outside.address("table");
  }

  /** Takes all calls back, so that the next one is granted at once. */
  void forget() {
    for (Map<String, AttributeValue> item : client.scan(s -> s.tableName(name)).items()) {
      client.deleteItem(d -> d.tableName(name).key(Map.of(KEY, item.get(KEY))));
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
