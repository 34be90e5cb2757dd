package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Equal requests with one {@code Idempotency-Key}, to the whole system over HTTP. */
@Timeout(120)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class IdempotencyIT {

  private static final int REQUESTS = 50;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final String key = "\"" + UUID.randomUUID() + "\"";
  private LocalSystem system;
  private ApiClient client;
  private Probe probe;

  @BeforeEach
  void start() throws IOException {
    var settings =
        Map.of(
            "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "200",
            "RETRY_BASE_DELAY_SECONDS", "1",
            "RETRY_MAX_DELAY_SECONDS", "1");
    system =
        SilentSystem.start(
            settings,
            (message, call) -> message.equals("later") && call == 1 ? new Fail(503) : new Sign(),
            0,
            null);
    client = new ApiClient(system.signUrl()).with("Idempotency-Key", key);
    probe = new Probe(system);
    var warm = new ApiClient(system.signUrl());
    await("a first signature")
        .atMost(TIMEOUT)
        .until(() -> warm.sign("first").signStatus().equals("signed"));
  }

  @AfterEach
  void stop() {
    system.close();
  }

  @Test
  void makeOneJobAndGetItsPresentAnswer() throws InterruptedException {
    Supplier<Answer> request = () -> client.sign("later", system.inbox().url());

    List<Answer> answers = atOnce(request);

    assertThat(answers).extracting(Answer::requestId).containsOnly(answers.getFirst().requestId());
    String id = answers.getFirst().requestId();
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 409)
        .isNotEmpty()
        .allSatisfy(answer -> assertThat(answer.signStatus()).isIn("queued", "signed"));
    String signature = signed(request).signature();
    assertThat(probe.awaitDeliveries(id, 1))
        .extracting(Delivery::signature)
        .containsExactly(signature);
    await("empty queues").atMost(TIMEOUT).until(probe::isQuiet);
    assertThat(atOnce(request))
        .extracting(Answer::status, Answer::requestId, Answer::signature)
        .containsOnly(tuple(200, id, signature));
    assertThat(probe.deliveries(id)).hasSize(1);
    assertThat(system.signer().calls("later")).isEqualTo(2);
  }

  @Test
  void causeOneCallAndGetItsSignature() throws InterruptedException {
    var unsigned = new AtomicInteger();
    Supplier<Answer> request =
        () -> {
          Answer answer = client.sign("now");
          if (answer.status() == 200 && answer.signStatus().equals("unsigned")) {
            unsigned.incrementAndGet();
          }
          return answer;
        };

    List<Answer> answers = atOnce(request);

    String signature = signed(request).signature();
    assertThat(answers).extracting(Answer::status).contains(200).isSubsetOf(200, 409);
    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(answer.signature())
                    .isEqualTo(answer.signStatus().equals("signed") ? signature : null));
    // On a slow machine, a call may take too long. A repeat is then a new request.
    assertThat(system.signer().calls("now")).isBetween(1, 1 + unsigned.get());
    assertThat(client.sign("other").status()).isEqualTo(422);
  }

  private static Answer signed(Supplier<Answer> request) {
    return await("a signature")
        .atMost(TIMEOUT)
        .until(request::get, answer -> answer.signStatus().equals("signed"));
  }

  /** Without those whose key could not be checked in time, on a slow machine. */
  private static List<Answer> atOnce(Supplier<Answer> request) throws InterruptedException {
    List<Callable<Answer>> requests =
        Stream.<Callable<Answer>>generate(() -> request::get).limit(REQUESTS).toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(requests).stream()
          .map(future -> future.resultNow())
          .filter(answer -> !answer.body().contains("cannot be checked"))
          .toList();
    }
  }
}
