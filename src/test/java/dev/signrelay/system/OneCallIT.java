package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SharedResource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Equal requests in the whole system, with DynamoDB Local, while signatures are reused.
 *
 * <p>They share a process, whereas Lambda runs each in its own. On a slow machine calls then fail,
 * or the table answers too late, which is logged. Each of these may cost a call.
 */
@Timeout(120)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class OneCallIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int REQUESTS = 60;
  private static final int WARM_UP = 5;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "SIGNATURE_CACHE_SECONDS", "60",
          "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "2");

  private final List<LogEvent> log = new CopyOnWriteArrayList<>();
  private LocalSystem system;
  private ApiClient client;

  private void start(UnreliableSigner.Behaviour behaviour) throws IOException {
    system =
        new LocalSystem(
            new LocalSystem.Setup("127.0.0.1", LocalSystem.Ports.ANY, SETTINGS, behaviour, 0, null),
            log::add,
            _ -> {});
    client = new ApiClient(system.signUrl());
    // The first requests load classes.
    for (int i = 0; i < WARM_UP; i++) {
      String message = "first " + i;
      await("a signature of " + message)
          .atMost(TIMEOUT)
          .until(() -> client.sign(message).signStatus().equals("signed"));
    }
    log.clear();
  }

  @AfterEach
  void stop() {
    system.close();
  }

  @Test
  void sixtyEqualRequestsAtOnceCostOneOrTwoCalls() throws Exception {
    start((_, _) -> new Sign());

    atOnce(() -> client.sign("hello"));

    await("a reused signature").atMost(TIMEOUT).untilAsserted(this::assertReused);
    assertThat(system.signer().calls("hello")).isBetween(1, 2 + failures());
  }

  /** Sixty requests cost as many calls as fail, and one more. */
  @Test
  void jobsForOneMessageThatWasNotSignedAtOnceShareALaterCall() throws Exception {
    int failing = 3;
    start(
        (message, call) ->
            message.startsWith("first") || call > failing ? new Sign() : new Fail(503));

    List<Answer> answers = atOnce(() -> client.sign("hello", system.inbox().url()));

    var probe = new Probe(system);
    answers.stream()
        .filter(answer -> answer.signStatus().equals("queued"))
        .forEach(answer -> probe.awaitDeliveries(answer.requestId(), 1));
    await("a reused signature").atMost(TIMEOUT).untilAsserted(this::assertReused);
    assertThat(system.signer().calls("hello")).isBetween(failing + 1, 2 + failures());
  }

  private void assertReused() {
    client.sign("hello");
    assertThat(log).extracting(LogEvent::name).contains("signature from cache");
  }

  /** Calls that failed, and attempts that the table answered too late. */
  private int failures() {
    return (int)
        log.stream()
            .filter(
                event ->
                    event.name().equals("signature cache unavailable")
                        || event.measurements().containsKey(Metric.UPSTREAM_FAILED))
            .count();
  }

  @Test
  void withoutTheTableEveryRequestIsSignedWithACallOfItsOwn() throws IOException {
    start((_, _) -> new Sign());
    system.limits().close();

    for (int calls = 1; calls <= 3; calls++) {
      Answer answer = client.sign("hello");
      assertThat(answer.signStatus()).isEqualTo("signed");
      assertThat(system.signer().calls("hello")).isEqualTo(calls);
    }
  }

  private static List<Answer> atOnce(Callable<Answer> request) throws InterruptedException {
    try (ExecutorService clients = Executors.newFixedThreadPool(REQUESTS)) {
      return clients.invokeAll(Stream.generate(() -> request).limit(REQUESTS).toList()).stream()
          .map(answer -> answer.resultNow())
          .toList();
    }
  }
}
