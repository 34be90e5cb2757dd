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
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Runs the contract, and the limiter, on DynamoDB Local. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbLocalIT extends DynamoDbContract {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANY = Duration.ofDays(1);

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
  void twentyConcurrentProcessesKeepTheLimit() throws InterruptedException {
    int calls = 10;
    String table = newTable();
    List<Callable<List<Grant>>> processes =
        Stream.generate(() -> fiveGrants(table, calls)).limit(20).toList();

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
          .isGreaterThanOrEqualTo(PERIOD);
    }
  }

  private Callable<List<Grant>> fiveGrants(String table, int calls) {
    RateLimiter limiter = limiter(server::client, table, calls);
    return () ->
        Stream.generate(() -> limiter.acquireForLine(1, ANY, TIMEOUT).getFirst()).limit(5).toList();
  }

  @Test
  void aServerThatRefusesOrNeverAnswersMakesTheLimiterUnavailableInTime() throws IOException {
    try (var refusing = new RefusingPort();
        var silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      for (int port : List.of(refusing.url().getPort(), silent.getLocalPort())) {
        var uri = URI.create("http://127.0.0.1:" + port);
        RateLimiter limiter = limiter(() -> DynamoDbServer.client(uri), "limits", 10);
        assertThatThrownBy(() -> limiter.acquire(ANY, Duration.ofMillis(500)))
            .isInstanceOf(LimiterUnavailableException.class);
      }
    }
  }

  @Test
  void aMissingTableMakesTheLimiterUnavailable() {
    RateLimiter limiter = limiter(server::client, "missing", 10);

    assertThatThrownBy(() -> limiter.acquire(ANY, TIMEOUT))
        .isInstanceOf(LimiterUnavailableException.class)
        .hasMessage("the rate limiter failed");
  }

  private static RateLimiter limiter(Supplier<DynamoDbClient> client, String table, int calls) {
    return SlidingWindowLimiter.inTable(
        new Lazy<>(client), table, calls, new SystemTime(), () -> UUID.randomUUID().toString());
  }
}
