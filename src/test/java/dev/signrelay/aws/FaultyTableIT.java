package dev.signrelay.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter;
import dev.signrelay.limit.RateLimiter.Answer.Granted;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.http.FaultyProxy;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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

/** The rate limiter on a table that is slow, loses answers, or has another clock. */
@Timeout(60)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class FaultyTableIT {

  private static final int CALLS = 1_000;
  private static final Duration AMPLE = Duration.ofSeconds(30);

  /** As RetryFunction requests grants. */
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** The longest wait of a drain run for a grant. */
  private static final Duration SOON = Duration.ofSeconds(2);

  private final DynamoDbServer table = new DynamoDbServer("127.0.0.1", 0, Template.read());
  private final FaultyProxy proxy = new FaultyProxy(table.endpoint());
  private final RawServer server = RawServer.start(proxy);
  private final DynamoDbClient client = DynamoDbServer.client(server.url(""));

  FaultyTableIT() throws IOException {}

  /** The first requests load classes. */
  @BeforeEach
  void warmUp() {
    assertThat(limiter().acquireForLine(1, SOON, AMPLE)).hasSize(1);
    table.client().deleteItem(d -> d.tableName(table.tableName()).key(key("schedule")));
    server.requests().clear();
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    table.close();
  }

  @Test
  void theGrantsOfASlowTableBeginAfterItsAnswer() {
    RateLimiter limiter = limiter();
    proxy.delay(Duration.ofMillis(1_500));
    // Creates the schedule, and shows how slow the table is.
    limiter.noteLine(5, AMPLE);

    List<Grant> forLine = limiter.acquireForLine(5, SOON, AMPLE);
    assertThat(forLine)
        .hasSize(5)
        .allSatisfy(grant -> assertThat(grant.isExpired(Instant.now())).isFalse());

    for (int i = 0; i < 2; i++) {
      assertThat(limiter.acquire(SOON, TIMEOUT))
          .isInstanceOfSatisfying(
              Granted.class,
              granted -> assertThat(granted.grant().isExpired(Instant.now())).isFalse());
    }
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
    assertThat(operations()).endsWith("UpdateItem", "UpdateItem", "UpdateItem");
  }

  @Test
  void aScheduleWhoseAnswerIsLostIsCreatedOnce() {
    proxy.loseAnswers("PutItem", 2);

    List<Grant> grants = limiter().acquireForLine(3, SOON, AMPLE);

    assertThat(grants).hasSize(3);
    assertThat(item("schedule").get("granted").n()).isEqualTo("3");
    assertThat(operations()).startsWith("GetItem", "PutItem", "PutItem", "PutItem");
  }

  @Test
  void withAClockThatIsAnHourWrongNothingIsGrantedAndNothingIsWritten() {
    for (Duration ahead : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
      proxy.setClock(ahead);
      RateLimiter limiter = limiter();

      assertThatThrownBy(() -> limiter.acquire(SOON, AMPLE))
          .isInstanceOf(LimiterUnavailableException.class);
      assertThatThrownBy(() -> limiter.acquireForLine(1, SOON, AMPLE))
          .isInstanceOf(LimiterUnavailableException.class);
      assertThatThrownBy(() -> limiter.noteLine(1, AMPLE))
          .isInstanceOf(LimiterUnavailableException.class);
    }

    assertThat(item("schedule")).isEmpty();
    assertThat(operations()).containsOnly("GetItem");
  }

  @Test
  void aClockThatIsRightAgainIsTrustedAgain() {
    RateLimiter limiter = limiter();
    proxy.setClock(Duration.ofHours(1));
    assertThatThrownBy(() -> limiter.acquire(SOON, AMPLE))
        .isInstanceOf(LimiterUnavailableException.class);

    proxy.setClock(Duration.ZERO);

    assertThat(limiter.acquire(SOON, AMPLE)).isInstanceOf(Granted.class);
  }

  private RateLimiter limiter() {
    return limiter(CALLS);
  }

  private RateLimiter limiter(int calls) {
    return SlidingWindowLimiter.inTable(
        () -> client,
        table.tableName(),
        calls,
        new SystemTime(),
        () -> UUID.randomUUID().toString());
  }

  private List<String> operations() {
    return server.requests().stream()
        .map(request -> request.header("X-Amz-Target").replaceFirst(".*\\.", ""))
        .toList();
  }

  private Map<String, AttributeValue> item(String id) {
    return table.client().getItem(g -> g.tableName(table.tableName()).key(key(id))).item();
  }

  private static Map<String, AttributeValue> key(String id) {
    return Map.of("id", AttributeValue.fromS(id));
  }
}
