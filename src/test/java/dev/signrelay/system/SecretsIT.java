package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The whole system with client keys and callback signing secrets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class SecretsIT {

  private static final String KEY = "client-key-0123456789";
  private static final String OLD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW_SECRET = "whsec_bmV3LXNlY3JldC1vZi0yNC1ieXRlcyEh";

  private LocalSystem system;
  private ApiClient client;

  @BeforeAll
  void start() throws IOException {
    system =
        SilentSystem.start(
            Map.of(
                "RETRY_BASE_DELAY_SECONDS",
                "1",
                "RETRY_MAX_DELAY_SECONDS",
                "1",
                "CLIENT_API_KEYS",
                KEY,
                "CALLBACK_SIGNING_SECRET",
                NEW_SECRET + " " + OLD_SECRET),
            (_, call) -> call == 1 ? new Fail(500) : new Sign(),
            0,
            null);
    client = new ApiClient(system.signUrl());
  }

  @AfterAll
  void stop() {
    system.close();
  }

  @Test
  void onlyAClientWithAKeyIsServed() {
    assertThat(client.sign("no key").status()).isEqualTo(401);
    assertThat(client.with("X-Api-Key", KEY + "0").sign("no key").status()).isEqualTo(401);
    assertThat(system.signer().calls("no key")).isZero();

    assertThat(client.with("X-Api-Key", KEY).sign("x-api-key").status()).isEqualTo(200);
    assertThat(client.with("Authorization", "Bearer " + KEY).sign("bearer").status())
        .isEqualTo(200);
  }

  @Test
  void everyDeliveryHasANewTimestampAndASignatureOfEachSecret() {
    system.inbox().answerWith(_ -> system.inbox().deliveries().isEmpty() ? 503 : 204);

    Answer answer = client.with("x-api-key", KEY).sign("hello", system.inbox().url());
    List<Delivery> deliveries = new Probe(system).awaitDeliveries(answer.requestId(), 2);

    assertThat(deliveries)
        .allMatch(delivery -> delivery.isSignedWith(OLD_SECRET))
        .allMatch(delivery -> delivery.isSignedWith(NEW_SECRET))
        .noneMatch(delivery -> delivery.isSignedWith("whsec_YW5vdGhlci1zZWNyZXQtb2YtMjQtYnl0ZXM="))
        .extracting(delivery -> delivery.headers().get("webhook-timestamp"))
        .doesNotHaveDuplicates();
  }
}
