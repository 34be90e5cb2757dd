package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * SQS is down under load, while jobs wait for a limit of one call a second. The requests of that
 * time use up grants of the next 45 s at most. The jobs that waited are then called.
 */
@Order(1)
@Timeout(240)
final class QueueOutageIT {

  private static final int CALLS = 60;
  private static final Duration INTERVAL = Duration.ofMillis(1_040);
  private static final int JOBS = 60;
  private static final int REQUESTS_DURING_THE_OUTAGE = 200;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private DynamoDbServer table;
  private SystemOfProcesses system;

  @BeforeEach
  void start() throws IOException {
    table = new DynamoDbServer("127.0.0.1", 0, Template.read());
    system =
        new SystemOfProcesses(
            Map.of(
                "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE",
                Integer.toString(CALLS),
                "RATE_LIMIT_TABLE",
                table.tableName(),
                "AWS_ENDPOINT_URL_DYNAMODB",
                table.endpoint().toString()),
            Duration.ofSeconds(30),
            CALLS,
            (_, _) -> {
              calls.incrementAndGet();
              return new Sign();
            });
  }

  @AfterEach
  void stop() {
    http.close();
    system.close();
    table.close();
  }

  @Test
  void callsGoOnAfterAnOutageOfTheQueues() throws Exception {
    for (ChildJvm function : system.signFunctions()) {
      await().atMost(TIMEOUT).until(() -> sign(function).signStatus().equals("signed"));
    }
    Instant from = Instant.now().plusSeconds(1);
    ScheduleInTable.write(table, CALLS, from, INTERVAL);
    List<Answer> waiting = requests(JOBS);
    assertThat(waiting).extracting(Answer::signStatus).isSubsetOf("signed", "queued");

    system.queueServer().kill();
    List<Answer> refused = requests(REQUESTS_DURING_THE_OUTAGE);
    // 429: API Gateway's throttle.
    assertThat(refused).extracting(Answer::status).isSubsetOf(200, 429, 503);
    assertThat(refused).extracting(Answer::signStatus).doesNotContain("queued");
    int callsBefore = calls.get();
    system.queueServer().restart();
    system.queueServer().awaitReady();

    // The refused requests took grants of the next 45 s at most.
    await().atMost(TIMEOUT).until(() -> calls.get() >= callsBefore + 5);
    Answer next =
        await()
            .atMost(TIMEOUT)
            .until(
                () -> sign(system.signFunctions().getFirst()),
                answer -> answer.signStatus().equals("queued"));
    // Each job that waits, and none of the requests that were refused, is called before.
    Duration expected = INTERVAL.multipliedBy(JOBS + 10L);
    assertThat(Duration.ofSeconds(next.expectedIn())).isBetween(Duration.ZERO, expected);
    assertThat(system.signer().refusals()).isZero();
  }

  private List<Answer> requests(int count) throws Exception {
    var answers = new ArrayList<Answer>();
    try (ExecutorService clients = Executors.newFixedThreadPool(10, Thread.ofVirtual().factory())) {
      List<Future<Answer>> requests =
          IntStream.range(0, count)
              .mapToObj(i -> clients.submit(() -> sign(system.signFunctions().get(i % 2))))
              .toList();
      for (Future<Answer> request : requests) {
        answers.add(request.get());
      }
    }
    return answers;
  }

  private Answer sign(ChildJvm function) {
    var url = URI.create("http://localhost:" + function.port() + "/crypto/sign");
    return new ApiClient(url, http, Map.of())
        .sign("message " + messages.incrementAndGet(), system.inbox().url());
  }
}
