package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.Job;
import dev.signrelay.json.Json;
import dev.signrelay.local.CallbackInbox.Delivery;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.SilentSystem;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;

/** The whole system, over HTTP, from request to callback or dead letter. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(3)
@Execution(ExecutionMode.CONCURRENT)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class EndToEndIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final int EQUAL_REQUESTS = 50;

  /**
   * Longer than a batch takes on a busy machine: a message that is received twice is called twice.
   */
  private static final Duration VISIBILITY_TIMEOUT = Duration.ofSeconds(4);

  /** A redrive moves all dead letters, including those of other tests. */
  private static final String DEAD_LETTERS = "dead letters";

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CRYPTO_CLIENT_TIMEOUT_SECONDS", "0.5",
          "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "200",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "1",
          "RETRY_MAX_ATTEMPTS", "3",
          "CALLBACK_MAX_ATTEMPTS", "3",
          "RETRY_GIVE_UP_AFTER_SECONDS", "0",
          "CALLBACK_GIVE_UP_AFTER_SECONDS", "0",
          "CALLBACK_MAX_DELAY_SECONDS", "1");

  private final Map<String, String> behaviours = new ConcurrentHashMap<>();
  private final Map<String, Integer> arrivals = new ConcurrentHashMap<>();

  @AutoClose
  private final LocalSystem system =
      SilentSystem.start(SETTINGS, EndToEndIT::behaviour, 0, VISIBILITY_TIMEOUT);

  private final UnreliableSigner signer = system.signer();
  private final ApiClient client = new ApiClient(system.signUrl());
  private final Probe probe = new Probe(system);

  EndToEndIT() throws IOException {}

  /** In a cold process, the first calls may exceed a timeout, or a message be received twice. */
  @BeforeAll
  void warmUp() {
    system.inbox().answerWith(this::receiver);
    await("a first signature")
        .atMost(TIMEOUT)
        .until(() -> client.sign("first").signStatus().equals("signed"));
    Answer queued = client.sign("fails 1 at first", system.inbox().url());
    await("a first delivery")
        .atMost(TIMEOUT)
        .until(() -> !probe.deliveries(queued.requestId()).isEmpty());
  }

  /** The message determines the upstream's behaviour: {@code fails 2 ...} fails twice. */
  private static UnreliableSigner.Answer behaviour(String message, int call) {
    if (message.startsWith("never")) {
      return new Fail(503);
    }
    boolean fails = message.startsWith("fails ") && call <= message.charAt(6) - '0';
    return fails ? new Fail(500) : new Sign();
  }

  /** The receiver's behaviour for a job, as configured by the test. */
  private int receiver(String id) {
    int arrival = arrivals.merge(id, 1, Integer::sum);
    return switch (behaviours.getOrDefault(id, "ok")) {
      case "twice-down" -> arrival <= 2 ? 503 : 204;
      case "down" -> 500;
      case "gone" -> 410;
      default -> 204;
    };
  }

  @Test
  void aHealthyMessageIsSignedAtOnce() {
    Answer answer = client.sign("healthy", system.inbox().url());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.signStatus()).isEqualTo("signed");
    assertThat(signer.verify("healthy", answer.signature())).isTrue();
    assertThat(signer.calls("healthy")).isEqualTo(1);
    assertThat(probe.deliveries(answer.requestId())).isEmpty();
  }

  /** A function in a container has queued the job; on Linux only containers know the name. */
  @Test
  void aCallbackToThisMachineByItsNameInContainersIsDelivered() {
    int port = URI.create(system.inbox().url()).getPort();
    Answer answer =
        client.sign(
            "fails 1 for a container", "http://host.docker.internal:%d/inbox".formatted(port));

    assertThat(answer.signStatus()).isEqualTo("queued");
    assertThat(probe.awaitDeliveries(answer.requestId(), 1)).hasSize(1);
  }

  @Test
  void aMessageThatFailsIsDeliveredLater() {
    Answer answer = client.sign("fails 2 times", system.inbox().url() + "?mine=1&also=%20");

    assertThat(answer.body()).isEqualTo("{\"success\":true,\"data\":null}");
    assertThat(answer.signStatus()).isEqualTo("queued");
    Delivery delivery = probe.awaitDeliveries(answer.requestId(), 1).getFirst();
    assertThat(delivery.target()).isEqualTo("/inbox?mine=1&also=%20");
    assertThat(delivery.contentType()).startsWith("application/json");
    assertThat(delivery.body())
        .isEqualTo("{\"success\":true,\"data\":\"" + delivery.signature() + "\"}");
    assertThat(signer.verify("fails 2 times", delivery.signature())).isTrue();
    assertThat(signer.calls("fails 2 times")).isEqualTo(3);
    JsonNode delivered = awaitRecord(answer.requestId(), "delivered");
    assertThat(delivered.path("attempts").intValue()).isEqualTo(3);
    assertThat(delivered.path("deliveries").intValue()).isEqualTo(1);
    assertThat(delivered.path("last_outcome").textValue()).isEqualTo("delivered");
    assertThat(delivered.path("signature").textValue()).isEqualTo(delivery.signature());
  }

  private JsonNode awaitRecord(String id, String status) {
    var job = new ApiClient(system.signUrl().resolve("/crypto/jobs/" + id));
    return await("the status " + status)
        .atMost(TIMEOUT)
        .until(
            () -> LogAssertions.json(job.get("").body()).path("data"),
            data -> status.equals(data.path("status").textValue()));
  }

  @Test
  void aCallbackThatFailsIsDeliveredAgainWithoutSigningAgain() {
    Answer answer = client.sign("fails 1 then the receiver", system.inbox().url());
    behaviours.put(answer.requestId(), "twice-down");

    List<Delivery> deliveries = probe.awaitDeliveries(answer.requestId(), 3);

    assertThat(deliveries).extracting(Delivery::status).containsExactly(503, 503, 204);
    assertThat(deliveries)
        .extracting(Delivery::signature)
        .containsOnly(deliveries.getFirst().signature());
    assertThat(signer.calls("fails 1 then the receiver")).isEqualTo(2);
  }

  @Test
  @ResourceLock(DEAD_LETTERS)
  void aMessageThatNeverSucceedsIsADeadLetterThatCanBeRedriven() {
    Answer answer = client.sign("never", system.inbox().url());

    Message dead = probe.awaitDeadLetter(answer.requestId());
    assertThat(Probe.attribute(dead, "reason")).isEqualTo("signing-exhausted");
    assertThat(Probe.attribute(dead, "lastOutcome")).isEqualTo("http-503");
    assertThat(Probe.attribute(dead, "attempts")).isEqualTo("3");
    assertThat(signer.calls("never")).isEqualTo(3);
    assertThat(JobCodec.decode(dead.body()).attemptNumber()).isEqualTo(1);

    probe.redrive();
    await("a call after the redrive").atMost(TIMEOUT).until(() -> signer.calls("never") > 3);
    assertThat(Probe.attribute(probe.awaitDeadLetter(answer.requestId()), "reason"))
        .isEqualTo("signing-exhausted");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone: callback-gone: 1", "down: callback-exhausted: 3"})
  @ResourceLock(value = DEAD_LETTERS, mode = ResourceAccessMode.READ)
  void anUndeliverableCallbackIsADeadLetterWithTheSignature(String receiver) {
    String[] behaviourReasonTries = receiver.split(": ");
    Answer answer = client.sign("fails 1 for " + receiver, system.inbox().url());
    behaviours.put(answer.requestId(), behaviourReasonTries[0]);

    Message dead = probe.awaitDeadLetter(answer.requestId());

    assertThat(Probe.attribute(dead, "reason")).isEqualTo(behaviourReasonTries[1]);
    assertThat(probe.deliveries(answer.requestId()))
        .hasSize(Integer.parseInt(behaviourReasonTries[2]));
    assertThat(((Job.NeedsCallback) JobCodec.decode(dead.body())).signature())
        .isEqualTo(probe.deliveries(answer.requestId()).getFirst().signature());
  }

  @Test
  void equalRequestsWithOneKeyMakeOneJobAndGetItsPresentAnswer() throws InterruptedException {
    ApiClient keyed = client.with("Idempotency-Key", "\"" + UUID.randomUUID() + "\"");
    Callable<Answer> request = () -> keyed.sign("fails 1 with a key", system.inbox().url());

    List<Answer> answers = atOnce(request);

    assertThat(answers).extracting(Answer::requestId).containsOnly(answers.getFirst().requestId());
    assertThat(answers)
        .filteredOn(answer -> answer.status() != 409)
        .isNotEmpty()
        .extracting(Answer::signStatus)
        .isSubsetOf("queued", "signed");
    String id = answers.getFirst().requestId();
    String signature = probe.awaitDeliveries(id, 1).getFirst().signature();
    awaitRecord(id, "delivered");
    assertThat(atOnce(request))
        .extracting(Answer::status, Answer::requestId, Answer::signature)
        .containsOnly(tuple(200, id, signature));
    assertThat(keyed.sign("another").status()).isEqualTo(422);
    assertThat(probe.deliveries(id)).hasSize(1);
    assertThat(signer.calls("fails 1 with a key")).isEqualTo(2);
  }

  /** Without the answers to those whose key could not be checked in time, on a slow machine. */
  private static List<Answer> atOnce(Callable<Answer> request) throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return threads.invokeAll(Collections.nCopies(EQUAL_REQUESTS, request)).stream()
          .map(Future::resultNow)
          .filter(answer -> !answer.body().contains("cannot be checked"))
          .toList();
    }
  }

  static Stream<String> messages() {
    return Stream.of(
        "grüße, 世界",
        "a+b c%20d%2Be&f=g",
        "🌍👩‍👩‍👧‍👦",
        "\u0000\u0001\u001F\u007F\uFFFE\uFFFF",
        "line\r\nbreak\ttab \"quoted\\\"",
        " ",
        "x".repeat(4_088),
        "é".repeat(1_024));
  }

  /** Through the queue, then in the response, then in a body. */
  @ParameterizedTest
  @MethodSource("messages")
  void aMessageOfAnyCharactersIsSignedAsItWasSent(String text) {
    String message = "fails 1 " + text;
    Answer queued = client.sign(message, system.inbox().url());

    assertThat(queued.signStatus()).isEqualTo("queued");
    Delivery delivery = probe.awaitDeliveries(queued.requestId(), 1).getFirst();
    assertThat(signer.verify(message, delivery.signature())).isTrue();
    assertThat(signer.verify(message, client.sign(message).signature())).isTrue();
    String body = Json.write(Json.object().put("message", message));
    Answer posted = client.post("application/json; charset=utf-8", body);
    assertThat(signer.verify(message, posted.signature())).isTrue();
  }
}
