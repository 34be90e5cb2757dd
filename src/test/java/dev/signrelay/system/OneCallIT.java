package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.SilentSystem;
import dev.signrelay.testing.TestTables;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Equal requests in the whole system, with DynamoDB Local, while signatures are reused. */
@Timeout(120)
@ResourceLock(SharedResource.PROCESSORS)
final class OneCallIT {

  private static final int REQUESTS = 60;
  private static final int WARM_UP = 5;
  private static final String TABLE = "jobs";

  private static final Map<String, String> SETTINGS =
      Map.of(
          "JOB_TABLE", TABLE,
          "SIGNATURE_CACHE_SECONDS", "60",
          "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "2");

  private LocalSystem system;
  private ApiClient client;

  private void start(UnreliableSigner.Behaviour behaviour) throws IOException {
    system = SilentSystem.start(SETTINGS, behaviour, 0, null);
    TestTables.create(system.limits().client(), TABLE);
    client = new ApiClient(system.signUrl());
    // The first requests load classes.
    for (int i = 0; i < WARM_UP; i++) {
      String message = "first " + i;
      await().until(() -> client.sign(message).signStatus().equals("signed"));
    }
  }

  @AfterEach
  void stop() {
    system.close();
  }

  /** On a slow machine some of them wait in vain for the call. Their jobs find its signature. */
  @Test
  void sixtyEqualRequestsAtOnceCostOneOrTwoCalls() throws Exception {
    start((_, _) -> new Sign());

    List<Answer> answers = atOnce(() -> client.sign("hello", system.inbox().url()));

    assertThat(answers).extracting(Answer::signStatus).containsAnyOf("signed");
    assertThat(answers).extracting(Answer::signStatus).isSubsetOf("signed", "queued");
    awaitDeliveries(answers);
    assertThat(client.sign("hello").signStatus()).isEqualTo("signed");
    assertThat(system.signer().calls("hello")).isBetween(1, 2);
  }

  @Test
  void jobsForOneMessageThatWasNotSignedAtOnceShareALaterCall() throws Exception {
    int failing = 3;
    start(
        (message, call) ->
            message.startsWith("first") || call > failing ? new Sign() : new Fail(503));

    List<Answer> answers = atOnce(() -> client.sign("hello", system.inbox().url()));

    assertThat(answers).extracting(Answer::signStatus).containsAnyOf("queued");
    awaitDeliveries(answers);
    assertThat(system.signer().calls("hello")).isBetween(failing + 1, failing + 2);
  }

  @Test
  void withoutTheTableEveryRequestIsSignedWithACallOfItsOwn() throws IOException {
    start((_, _) -> new Sign());
    system.limits().close();

    for (int calls = 1; calls <= 3; calls++) {
      Answer answer = client.sign("hello");
      assertThat(answer.signStatus()).isEqualTo("signed");
      assertThat(answer.took()).isLessThan(Duration.ofSeconds(2));
      assertThat(system.signer().calls("hello")).isEqualTo(calls);
    }
  }

  private void awaitDeliveries(List<Answer> answers) {
    var probe = new Probe(system);
    answers.stream()
        .filter(answer -> answer.signStatus().equals("queued"))
        .forEach(answer -> probe.awaitDeliveries(answer.requestId(), 1));
  }

  private static List<Answer> atOnce(Callable<Answer> request) throws InterruptedException {
    try (ExecutorService clients = Executors.newFixedThreadPool(REQUESTS)) {
      return clients.invokeAll(Stream.generate(() -> request).limit(REQUESTS).toList()).stream()
          .map(answer -> answer.resultNow())
          .toList();
    }
  }
}
