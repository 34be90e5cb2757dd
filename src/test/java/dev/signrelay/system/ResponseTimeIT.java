package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner.Answer.Hang;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.DiscardsErrors;
import dev.signrelay.testing.SilentSystem;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** The whole system responds within two seconds while services that it needs are down. */
@Timeout(60)
@DiscardsErrors
@Isolated("measures response times")
final class ResponseTimeIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration RESPONSE_TIME = Duration.ofSeconds(2);

  @AutoClose
  private final LocalSystem system =
      SilentSystem.start(
          Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "200", "SIGNATURE_CACHE_SECONDS", "60"),
          (message, _) -> message.equals("hangs") ? new Hang() : new Sign(),
          0,
          null);

  private final ApiClient client = new ApiClient(system.signUrl());

  ResponseTimeIT() throws IOException {}

  /** The first requests load classes. */
  @BeforeEach
  void warmUp() {
    await("a first signature")
        .atMost(TIMEOUT)
        .until(() -> client.sign("first").signStatus().equals("signed"));
    await("a first job")
        .atMost(TIMEOUT)
        .until(() -> client.sign("hangs", system.inbox().url()).signStatus().equals("queued"));
  }

  @Test
  void whileTheUpstreamHangsThenWithoutTheTablesThenWithoutTheQueues() {
    assertInTime("hangs", 200, "queued");

    system.limits().close();
    assertInTime("hello", 200, "queued");

    system.queues().close();
    assertInTime("hello", 503, "unsigned");
  }

  /** A request with a callback URL is answered so, and one without is not signed. */
  private void assertInTime(String message, int status, String signStatus) {
    CompletableFuture<Answer> withoutCallback =
        CompletableFuture.supplyAsync(() -> client.sign(message));
    assertInTime(client.sign(message, system.inbox().url()), status, signStatus);
    assertInTime(withoutCallback.join(), 200, "unsigned");
  }

  private static void assertInTime(Answer answer, int status, String signStatus) {
    assertThat(answer.took()).isLessThan(RESPONSE_TIME);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.signStatus()).isEqualTo(signStatus);
  }
}
