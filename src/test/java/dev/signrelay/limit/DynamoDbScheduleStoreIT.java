package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ClockCheck.WrongClockException;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.testing.TestTables;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** The contract, the item, the clock of the server and concurrent limiters, on DynamoDB Local. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbScheduleStoreIT extends ScheduleStoreContract {

  private static final Instant T = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANY = Duration.ofDays(1);

  private DynamoDbServer server;
  private String table;

  @BeforeAll
  void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  ScheduleStore emptyStore() {
    table = TestTables.create(server.client());
    return store(Instant::now);
  }

  private DynamoDbScheduleStore store(InstantSource clock) {
    return new DynamoDbScheduleStore(server::client, table, clock);
  }

  @Test
  void twentyConcurrentProcessesKeepTheLimit() throws InterruptedException {
    int calls = 10;
    List<Callable<List<Grant>>> processes =
        Stream.generate(() -> fiveGrants(calls)).limit(20).toList();
    List<Grant> grants;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      grants =
          threads.invokeAll(processes).stream()
              .flatMap(result -> result.resultNow().stream())
              .toList();
    }

    assertThat(grants).hasSize(100).extracting(Grant::id).doesNotHaveDuplicates();
    List<Instant> times = grants.stream().map(Grant::from).sorted().toList();
    for (int i = calls; i < times.size(); i++) {
      assertThat(Duration.between(times.get(i - calls), times.get(i)))
          .isGreaterThanOrEqualTo(SlidingWindowLimiter.PERIOD);
    }
  }

  private Callable<List<Grant>> fiveGrants(int calls) {
    RateLimiter limiter = limiter(table, calls);
    return () ->
        Stream.generate(() -> limiter.acquireForLine(1, ANY, TIMEOUT).getFirst()).limit(5).toList();
  }

  @Test
  void aMissingTableMakesTheLimiterUnavailable() {
    assertThatThrownBy(() -> limiter("missing", 10).acquire(ANY, TIMEOUT))
        .isInstanceOf(LimiterUnavailableException.class)
        .hasMessage("the rate limiter failed");
  }

  private RateLimiter limiter(String of, int calls) {
    return SlidingWindowLimiter.inTable(
        server::client, of, calls, new SystemTime(), () -> UUID.randomUUID().toString());
  }

  /** It notes the line every minute, without the time. */
  @Test
  void theLineOfRelease020IsNoted() {
    DynamoDbScheduleStore store = store(Instant::now);
    store.replace(null, largestState());
    update("REMOVE notedAt", Map.of());

    assertThat(store.read().isNoted(Instant.now())).isTrue();
    assertThat(store.read().waiting()).isEqualTo(999_999_999);
  }

  /** Every request to the state costs one unit for each KB; see docs/cost.md. */
  @Test
  void aWriteOfTheLargestStateCostsOneUnit() {
    store(Instant::now).replace(null, largestState());
    assertThat(unitsOfAWrite()).isEqualTo(1);
  }

  private double unitsOfAWrite() {
    return update("ADD granted :one", Map.of(":one", AttributeValue.fromN("1")));
  }

  private double update(String expression, Map<String, AttributeValue> values) {
    return server
        .client()
        .updateItem(
            u ->
                u.tableName(table)
                    .key(RateLimitItem.KEY)
                    .updateExpression(expression)
                    .expressionAttributeValues(values.isEmpty() ? null : values)
                    .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL))
        .consumedCapacity()
        .capacityUnits();
  }

  /** The server sends its time with each answer, also if a condition fails. */
  @ParameterizedTest
  @ValueSource(ints = {-3_600, -5, 5, 3_600})
  void aProcessWhoseClockIsWrongGetsNoAnswer(int seconds) {
    DynamoDbScheduleStore wrong = store(() -> Instant.now().plusSeconds(seconds));
    RateLimitState state = largestState();
    store(Instant::now).replace(null, state);
    Stream.<Runnable>of(
            wrong::read,
            () -> wrong.replace(null, state),
            () -> wrong.replace(state, state),
            () -> wrong.take(new Take(state, 1, 0, Long.MAX_VALUE / 2, "t", Place.IN_LINE, null)),
            () -> wrong.note(1, 9, null, null))
        .forEach(
            request -> assertThatThrownBy(request::run).isInstanceOf(WrongClockException.class));
  }
}
