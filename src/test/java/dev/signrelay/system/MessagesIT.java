package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.json.Json;
import dev.signrelay.local.CallbackInbox.Delivery;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.SilentSystem;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages of any characters are signed unchanged, both directly and through the queue. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class MessagesIT {

  private LocalSystem system;
  private ApiClient client;

  @BeforeAll
  void start() throws IOException {
    system =
        SilentSystem.start(
            Map.of(
                "RETRY_BASE_DELAY_SECONDS", "1",
                "RETRY_MAX_DELAY_SECONDS", "1",
                "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0"),
            (_, call) -> call == 1 ? new Fail(500) : new Sign(),
            0,
            null);
    client = new ApiClient(system.signUrl());
  }

  @AfterAll
  void stop() {
    system.close();
  }

  static Stream<String> messages() {
    return Stream.of(
        "grüße, 世界",
        "a+b c%20d%2Be&f=g",
        "🌍👩‍👩‍👧‍👦",
        "\u0000\u0001\u001F\u007F\uFFFE\uFFFF",
        "line\r\nbreak\ttab",
        "\"quoted\\\"",
        " ",
        "x".repeat(4_096),
        "é".repeat(1_024));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageIsSignedAsItWasSent(String message) {
    Answer queued = client.sign(message, system.inbox().url());
    assertThat(queued.signStatus()).isEqualTo("queued");

    Delivery delivery = new Probe(system).awaitDeliveries(queued.requestId(), 1).getFirst();

    assertThat(system.signer().verify(message, delivery.signature())).isTrue();
    assertThat(system.signer().verify(message, client.sign(message).signature())).isTrue();
    Answer posted = client.post("application/json; charset=utf-8", body(message));
    assertThat(system.signer().verify(message, posted.signature())).isTrue();
  }

  @Test
  void bodiesAreLimitedByTheFunctionAndByApiGateway() {
    assertThat(client.post("text/plain", "{\"message\":\"m\"}").status()).isEqualTo(415);
    assertThat(client.post("application/octet-stream", "{}").status()).isEqualTo(415);
    assertThat(client.post("application/json", "{").status()).isEqualTo(400);
    assertThat(client.post("application/json", " ".repeat(65_537)).body())
        .contains("the body must be at most 65,536 bytes");
    assertThat(client.post("application/json", " ".repeat(10 * 1024 * 1024 + 1)).body())
        .isEqualTo("{\"message\":\"Request Entity Too Large\"}");
  }

  /** Percent-encoding triples its length, and API Gateway limits the length of a request's head. */
  @Test
  void aMessageThatIsTooLongForAUrlIsSignedInABody() {
    String message = "é".repeat(2_048);

    assertThat(client.sign(message).status()).isEqualTo(414);
    client.post("application/json", body(message));
    assertThat(
            system
                .signer()
                .verify(message, client.post("application/json", body(message)).signature()))
        .isTrue();
  }

  @Test
  void oneByteMoreThanTheLimitIsRefused() {
    assertThat(client.sign("x".repeat(4_097)).status()).isEqualTo(400);
    assertThat(client.post("application/json", body("é".repeat(2_048) + "x")).status())
        .isEqualTo(400);
  }

  private static String body(String message) {
    return Json.write(Json.object().put("message", message));
  }
}
