package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.SignHandler;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.http.Network;
import dev.signrelay.job.Job;
import dev.signrelay.json.Json;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.local.Template;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.SentJobs;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.ShiftedTime;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** SignFunctions that differ in their limit or their clock, on one table. */
@Timeout(180)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class SharedLimitIT {

  /** Longer than a minute, after which a function with a limit of 1 has its next grant. */
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private static final String LINE = TestEnvironment.REQUIRED.get("LINE_QUEUE_URL");

  private final DynamoDbServer table = new DynamoDbServer("127.0.0.1", 0, Template.read());
  private final RawServer upstream =
      RawServer.start(
          ConnectionHandlers.answers(
              200, "Content-Type: text/plain\r\n", new byte[] {'s', 'i', 'g'}));
  private final SentJobs sqs = new SentJobs();
  private final List<LogEvent> log = new CopyOnWriteArrayList<>();

  SharedLimitIT() throws IOException {}

  @AfterEach
  void close() throws IOException {
    upstream.close();
    table.close();
  }

  @Test
  void ofTwoLimitsSideBySideTheLowerHolds() {
    SignHandler lower = function(5, Duration.ZERO, Map.of());
    SignHandler higher = function(50, Duration.ZERO, Map.of());
    awaitSigned(lower);

    for (int i = 0; i < 10; i++) {
      assertThat(status(sign(higher))).isIn("signed", "queued");
      assertThat(status(sign(lower))).isIn("signed", "queued");
    }

    assertThat(upstream.requests()).hasSizeLessThanOrEqualTo(5);
    assertThat(sqs.sent()).hasSizeGreaterThanOrEqualTo(15);
  }

  @Test
  void aLimitThatIsLoweredHoldsFromThenOn() {
    SignHandler higher = function(50, Duration.ZERO, Map.of());
    awaitSigned(higher);
    for (int i = 0; i < 9; i++) {
      sign(higher);
    }
    int calls = upstream.requests().size();

    SignHandler lower = function(5, Duration.ZERO, Map.of());
    awaitSigned(lower);
    for (int i = 0; i < 10; i++) {
      sign(lower);
      sign(higher);
    }

    assertThat(upstream.requests()).hasSizeLessThanOrEqualTo(calls + 5);
  }

  @Test
  void aFunctionWhoseClockIsAnHourWrongDoesNotCallAndStopsNobody() {
    SignHandler right = function(10, Duration.ZERO, Map.of());
    awaitSigned(right);
    int calls = upstream.requests().size();

    for (int hours : List.of(1, -1)) {
      SignHandler wrong = function(10, Duration.ofHours(hours), Map.of());
      log.clear();
      assertThat(status(sign(wrong))).isEqualTo("queued");
      assertThat(log).singleElement().asString().contains("WrongClockException");
    }
    assertThat(upstream.requests()).hasSize(calls);
    assertThat(sqs.sentTo(LINE)).hasSizeGreaterThanOrEqualTo(2);

    assertThat(status(sign(right))).isEqualTo("signed");
    awaitSigned(function(10, Duration.ZERO, Map.of()));
  }

  @Test
  void aRequestWhoseTurnIsTooFarAwayIsRefusedAndItsJobIsNotStored() {
    SignHandler function = function(1, Duration.ZERO, Map.of("LINE_MAX_SECONDS", "30"));
    awaitSigned(function);
    sqs.sent().clear();

    JsonNode refused = sign(function);

    assertThat(refused.path("statusCode").asInt()).isEqualTo(503);
    assertThat(refused.path("headers").path("Retry-After").asInt()).isPositive();
    assertThat(sqs.sent()).isEmpty();
  }

  @Test
  void aRequestBeyondTheLimitJoinsTheLineAndIsToldItsExpectedWait() {
    SignHandler function = function(1, Duration.ZERO, Map.of());
    awaitSigned(function);
    sqs.sent().clear();

    JsonNode queued = sign(function);

    assertThat(status(queued)).isEqualTo("queued");
    assertThat(queued.path("headers").path("X-Sign-Expected-In").asInt())
        .isGreaterThanOrEqualTo(30);
    assertThat(sqs.sentTo(LINE))
        .extracting(Job::id)
        .containsExactly(queued.path("headers").path("X-Request-Id").asText());
  }

  /** The first requests of a process may get no grant in time. Their jobs are then in line. */
  private static void awaitSigned(SignHandler function) {
    await("a signature")
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .until(() -> sign(function), answer -> status(answer).equals("signed"));
  }

  private static JsonNode sign(SignHandler function) {
    String query = "message=hello&callback_url=https%3A%2F%2Freceiver.example%2F";
    return new LambdaFunction("SignFunction", function, Duration.ofSeconds(5))
        .invoke(Json.write(Json.object().put("rawQueryString", query)));
  }

  private static String status(JsonNode answer) {
    return answer.path("headers").path("X-Sign-Status").asText();
  }

  private SignHandler function(int calls, Duration clockAhead, Map<String, String> others) {
    var settings = new HashMap<>(others);
    settings.put("CRYPTO_CLIENT_BASE_URL", upstream.url("").toString());
    settings.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", Integer.toString(calls));
    settings.put("RATE_LIMIT_TABLE", table.tableName());
    return new SignHandler(
        ServiceFactory.create(
            TestEnvironment.config(settings),
            AwsClients.of(() -> sqs, table::client),
            new ShiftedTime(clockAhead),
            log::add,
            Network.ofSystem()));
  }
}
