package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.Template;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.ops.QueueCounts;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ChildJvm;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several processes of all functions share one rate limit through the table. Initially the table's
 * server hangs: it accepts connections and does not respond.
 */
@Order(2)
@Timeout(300)
final class LimitOfProcessesIT {

  /** That the functions and the upstream allow in a minute. */
  private static final int CALLS = 4;

  private static final String LIMITER_UNAVAILABLE = "the rate limiter did not answer in time";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /**
   * The maximum time until all calls have been made: two periods of the limit, and two runs of
   * DispatchFunction.
   */
  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(180);

  private final int tablePort = ChildJvm.freePort();
  private final AtomicInteger messages = new AtomicInteger();
  private ServerSocket hangingServer;
  private SystemOfProcesses system;

  @BeforeEach
  void start() throws IOException {
    hangingServer = new ServerSocket(tablePort, 100, InetAddress.getLoopbackAddress());
    system =
        new SystemOfProcesses(
            2,
            1,
            Map.of(
                "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE",
                Integer.toString(CALLS),
                "RATE_LIMIT_TABLE",
                DynamoDbServer.TABLE,
                "AWS_ENDPOINT_URL_DYNAMODB",
                "http://127.0.0.1:" + tablePort,
                "RETRY_BASE_DELAY_SECONDS",
                "1",
                "RETRY_MAX_DELAY_SECONDS",
                "2"),
            Duration.ofSeconds(30),
            CALLS,
            (_, _) -> new Sign());
  }

  @AfterEach
  void stop() throws IOException {
    system.close();
    hangingServer.close();
  }

  @Test
  void noCallIsMadeWhileTheTableHangsAndTheLimitIsKeptInTheFirstMinute() throws IOException {
    queueJobsWhileTheTableHangs(CALLS + 2);

    try (var _ = table()) {
      await("as many calls as are allowed")
          .atMost(DRAINED_WITHIN)
          .until(() -> callsMade() >= CALLS);
      IntStream.range(0, CALLS).forEach(this::signWithoutCallback);
      assertThat(system.signer.refusals()).isZero();
      assertThat(callsMade()).isEqualTo(CALLS);
      assertThat(jobsInLine()).as("the other jobs").isGreaterThanOrEqualTo(2);
    }
  }

  private void queueJobsWhileTheTableHangs(int count) {
    IntStream.range(0, count).forEach(this::queueJob);
    for (ChildJvm function : system.signFunctions) {
      assertThat(function.printed()).contains(LIMITER_UNAVAILABLE);
    }
    ChildJvm dispatch = system.dispatchFunction;
    await("a run of DispatchFunction")
        .atMost(TIMEOUT)
        .until(() -> dispatch.printed().contains(LIMITER_UNAVAILABLE));
    assertThat(callsMade()).isZero();
    assertThat(jobsInLine()).isGreaterThanOrEqualTo(count);
  }

  /** The table, in place of the server that hangs. */
  private DynamoDbServer table() throws IOException {
    hangingServer.close();
    return new DynamoDbServer("127.0.0.1", tablePort, Template.read());
  }

  /** The processes of SignFunction share the limit with the one that has drained the line. */
  private void signWithoutCallback(int number) {
    assertThat(client(number).sign("message " + messages.incrementAndGet()).signStatus())
        .isIn("signed", "unsigned");
  }

  private int jobsInLine() {
    return QueueCounts.of(system.sqs, system.queues.lineQueueUrl()).total();
  }

  /** Retries a 503 like a client. A process that has just started may answer with 503. */
  private void queueJob(int number) {
    await("a queued job")
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .until(
            () -> client(number).sign("message " + messages.incrementAndGet(), system.inbox.url()),
            answer -> answer.signStatus().equals("queued"));
  }

  private ApiClient client(int number) {
    int port = system.signFunctions.get(number % 2).port();
    return new ApiClient(URI.create("http://localhost:" + port + "/crypto/sign"));
  }

  private int callsMade() {
    return IntStream.rangeClosed(1, messages.get())
        .map(i -> system.signer.calls("message " + i))
        .sum();
  }
}
