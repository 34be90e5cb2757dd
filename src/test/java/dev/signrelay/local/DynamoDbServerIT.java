package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;

/** DynamoDB Local while others of its kind run in the process. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbServerIT {

  private static final String BIND = "127.0.0.1";
  private static final int READS = 100;

  @AutoClose private final DynamoDbServer server = new DynamoDbServer(BIND, 0, Template.read());

  DynamoDbServerIT() throws IOException {}

  @Test
  void twoServersShareNoData() throws IOException {
    try (var other = new DynamoDbServer(BIND, 0, Template.read())) {
      Map<String, AttributeValue> id = Map.of("id", AttributeValue.fromS("here only"));
      server.client().putItem(p -> p.tableName(server.tableName()).item(id));

      var there = other.client().getItem(g -> g.tableName(other.tableName()).key(id));

      assertThat(there.hasItem()).isFalse();
    }
  }

  /** DynamoDB Local's operations are in a static map, which each of its servers fills again. */
  @Test
  void aServerKnowsItsOperationsWhileOthersStart() throws InterruptedException {
    Map<String, AttributeValue> id = Map.of("id", AttributeValue.fromS("read"));
    var requests = new LocalDynamoDBRequestHandler(0, true, null, true, false);
    var reading = new AtomicBoolean(true);
    Runnable starts =
        () -> {
          while (reading.get()) {
            DynamoDbServer.handler(requests);
          }
        };
    Thread others = Thread.ofPlatform().start(starts);

    try {
      for (int i = 0; i < READS; i++) {
        server.client().getItem(g -> g.tableName(server.tableName()).key(id));
      }
    } finally {
      reading.set(false);
      others.join();
      requests.shutdown();
    }
  }
}
