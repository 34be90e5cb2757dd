package dev.signrelay.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.http.FaultyProxy;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The rate limiter on a table whose answers are lost, so that the SDK repeats the requests. */
@Timeout(60)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class FaultyTableIT {

  private static final Duration AMPLE = Duration.ofSeconds(30);

  /** The longest wait of a drain run for a grant. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private final DynamoDbServer table = new DynamoDbServer("127.0.0.1", 0, Template.read());
  private final FaultyProxy proxy = new FaultyProxy(table.endpoint());
  private final DynamoDbClient client = DynamoDbServer.client(proxy.url());

  FaultyTableIT() throws IOException {}

  /** The first requests load classes. */
  @BeforeEach
  void warmUp() {
    assertThat(limiter(1_000).acquireForLine(1, SOON, AMPLE)).hasSize(1);
    table.client().deleteItem(d -> d.tableName(table.tableName()).key(key("schedule")));
    proxy.clear();
  }

  @AfterEach
  void close() {
    client.close();
    proxy.close();
    table.close();
  }

  @Test
  void grantsWhoseAnswerIsLostAreTakenOnce() {
    // The next calls are free after a minute, so that they do not pass.
    RateLimiter limiter = limiter(1);
    assertThat(limiter.acquireForLine(1, SOON, AMPLE)).hasSize(1);
    proxy.loseAnswers("UpdateItem", 2);

    List<Grant> grants = limiter.acquireForLine(5, Duration.ofHours(1), AMPLE);

    assertThat(grants).extracting(Grant::id).hasSize(5).doesNotHaveDuplicates();
    assertThat(item("schedule").get("granted").n()).isEqualTo("6");
    assertThat(proxy.operations()).endsWith("UpdateItem", "UpdateItem", "UpdateItem");
  }

  @Test
  void aScheduleWhoseAnswerIsLostIsCreatedOnce() {
    proxy.loseAnswers("PutItem", 2);

    List<Grant> grants = limiter(1_000).acquireForLine(3, SOON, AMPLE);

    assertThat(grants).hasSize(3);
    assertThat(item("schedule").get("granted").n()).isEqualTo("3");
    assertThat(proxy.operations()).startsWith("GetItem", "PutItem", "PutItem", "PutItem");
  }

  private RateLimiter limiter(int calls) {
    return SlidingWindowLimiter.inTable(
        () -> client,
        table.tableName(),
        calls,
        new SystemTime(),
        () -> UUID.randomUUID().toString());
  }

  private Map<String, AttributeValue> item(String id) {
    return table.client().getItem(g -> g.tableName(table.tableName()).key(key(id))).item();
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of("id", AttributeValue.fromS(id));
  }
}
