package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.SignHandler;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.http.Network;
import dev.signrelay.local.JsonTree;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** SignFunction gets a request late, because it has just started, and the upstream hangs. */
@Timeout(60)
@Isolated("measures response times")
final class SlowStartIT {

  private static final Duration RESPONSE_TIME = Duration.ofSeconds(2);

  private final RawServer upstream = RawServer.start(ConnectionHandlers.answers(200, "signature"));
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final SqsClient sqs =
      new SqsClient() {
        @Override
        public SendMessageResponse sendMessage(SendMessageRequest request) {
          sent.add(request.messageBody());
          return SendMessageResponse.builder().build();
        }

        @Override
        public String serviceName() {
          return SERVICE_NAME;
        }

        @Override
        public void close() {}
      };
  private final LambdaFunction function =
      new LambdaFunction("SignFunction", new SignHandler(services()), Duration.ofSeconds(5));

  /** The first calls load classes, which is part of the start. */
  @BeforeEach
  void warmUp() {
    assertThat(status(sign(Instant.now()))).isEqualTo("signed");
    upstream.handleWith(ConnectionHandlers.writes(""));
    assertThat(status(sign(Instant.now()))).isEqualTo("queued");
    upstream.requests().clear();
    sent.clear();
  }

  @AfterEach
  void close() throws IOException {
    upstream.close();
  }

  @Test
  void theAnswerComesWithinTwoSecondsOfARequestThatIsASecondLate() {
    requireAnswerInTime(1_000);
  }

  @Night
  @ParameterizedTest
  @ValueSource(longs = {0, 1_700})
  void theAnswerComesWithinTwoSecondsOfTheRequest(long startMillis) {
    requireAnswerInTime(startMillis);
  }

  private void requireAnswerInTime(long startMillis) {
    Instant received = Instant.now().minusMillis(startMillis);

    JsonNode answer = sign(received);

    assertThat(Duration.between(received, Instant.now())).isLessThan(RESPONSE_TIME);
    assertThat(status(answer)).isEqualTo("queued");
    assertThat(sent).hasSize(1);
    assertThat(upstream.requests()).hasSize(startMillis <= 1_000 ? 1 : 0);
  }

  private JsonNode sign(Instant received) {
    var event = JsonTree.object();
    event.putObject("requestContext").put("timeEpoch", received.toEpochMilli());
    event.put(
        "rawQueryString", "message=hello&callback_url=https%3A%2F%2Freceiver.example%2Finbox");
    return function.invoke(JsonTree.write(event));
  }

  private static String status(JsonNode answer) {
    return answer.path("headers").path("X-Sign-Status").asText();
  }

  private Services services() {
    return ServiceFactory.create(
        TestEnvironment.config(
            Map.of(
                "CRYPTO_CLIENT_BASE_URL",
                upstream.url("").toString(),
                "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE",
                "0")),
        AwsClients.of(
            () -> sqs,
            () -> {
              throw new IllegalStateException("there is no limit");
            }),
        new SystemTime(),
        _ -> {},
        Network.ofSystem());
  }
}
