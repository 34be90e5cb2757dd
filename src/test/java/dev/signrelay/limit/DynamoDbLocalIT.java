package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.aws.Lazy;
import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.testing.http.RefusingPort;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
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
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;

/** Runs the contract on DynamoDB Local. Further tests use the template's table. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbLocalIT extends DynamoDbContract {

  private DynamoDbServer server;

  @BeforeAll
  void start() throws IOException {
    server = new DynamoDbServer("127.0.0.1", 0, Template.read());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Override
  DynamoDbClient dynamoDb() {
    return server.client();
  }

  @Test
  void aClaimIsAnItemWithATimeToLive() {
    Instant until = Instant.parse("2100-01-01T00:00:00.001Z");

    new DynamoDbScheduleStore(server::client, server.tableName()).claim("v/1", until);

    assertThat(
            server
                .client()
                .getItem(
                    g ->
                        g.tableName(server.tableName())
                            .key(Map.of("id", AttributeValue.fromS("grant/v/1"))))
                .item())
        .containsEntry("expiresAt", AttributeValue.fromN("4102444801"));
  }

  /** Measures the capacity stated in docs/rate-limit.md. */
  @Test
  void aWriteToTheLargestScheduleCostsTenUnits() {
    String table = newTable();
    new DynamoDbScheduleStore(server::client, table)
        .replace(null, GrantSchedule.idle("version", PERIOD, 1_000, Instant.now()));

    var counted =
        server
            .client()
            .updateItem(
                u ->
                    u.tableName(table)
                        .key(Map.of("id", AttributeValue.fromS("schedule")))
                        .updateExpression("ADD granted :one")
                        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")))
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));

    assertThat(counted.consumedCapacity().capacityUnits()).isBetween(8.0, 10.0);
  }

  @Test
  void twentyConcurrentProcessesKeepTheLimit() throws InterruptedException {
    int calls = 10;
    String table = newTable();
    List<Callable<List<Grant>>> processes =
        Stream.generate(() -> process(table, calls)).limit(20).toList();

    List<Instant> times;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      times =
          threads.invokeAll(processes).stream()
              .flatMap(result -> result.resultNow().stream())
              .map(Grant::from)
              .sorted()
              .toList();
    }

    assertThat(times).hasSize(100);
    for (int i = calls; i < times.size(); i++) {
      assertThat(Duration.between(times.get(i - calls), times.get(i)))
          .isGreaterThanOrEqualTo(PERIOD);
    }
  }

  private Callable<List<Grant>> process(String table, int calls) {
    RateLimiter limiter =
        SlidingWindowLimiter.inTable(
            new Lazy<>(server::client),
            table,
            calls,
            new SystemTime(),
            () -> UUID.randomUUID().toString());
    return () -> Stream.generate(() -> limiter.acquire(Duration.ofSeconds(30))).limit(5).toList();
  }

  @Test
  void aServerThatRefusesOrNeverAnswersMakesTheLimiterUnavailableInTime() throws IOException {
    try (var refusing = new RefusingPort();
        var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      for (int port : List.of(refusing.url().getPort(), silent.getLocalPort())) {
        RateLimiter limiter =
            SlidingWindowLimiter.inTable(
                new Lazy<>(() -> DynamoDbServer.client(URI.create("http://127.0.0.1:" + port))),
                "limits",
                10,
                new SystemTime(),
                () -> "version");
        assertThatThrownBy(() -> limiter.acquire(Duration.ofMillis(500)))
            .isInstanceOf(LimiterUnavailableException.class);
      }
    }
  }

  @Test
  void aMissingTableMakesTheLimiterUnavailable() {
    RateLimiter limiter =
        SlidingWindowLimiter.inTable(
            new Lazy<>(server::client), "missing", 10, new SystemTime(), () -> "version");

    assertThatThrownBy(() -> limiter.acquire(Duration.ofSeconds(20)))
        .isInstanceOf(LimiterUnavailableException.class)
        .hasMessage("the rate limiter failed");
  }
}
