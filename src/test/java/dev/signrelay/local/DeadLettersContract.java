package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.CallbackInbox.Delivery;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.Probe;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** What an operator does with dead letters, independent of the tool. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeadLettersContract {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "1000",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "1",
          "RETRY_MAX_ATTEMPTS", "2");

  private LocalSystem system;
  private ApiClient client;
  private Probe probe;
  private volatile boolean mended;

  /** The reason, last outcome and job id of each dead letter, separated by tabs. */
  abstract List<String> look();

  /** Redrives all dead letters, one per second. */
  abstract void redrive();

  /** Redrives the dead letters with the reason {@code signing-exhausted}. */
  abstract void redriveSome();

  abstract void purge();

  @BeforeAll
  void start() throws IOException {
    system =
        new LocalSystem(
            new LocalSystem.Setup(
                "127.0.0.1",
                LocalSystem.Ports.ANY,
                SETTINGS,
                this::behaviour,
                0,
                Duration.ofSeconds(5)),
            _ -> {},
            _ -> {});
    client = new ApiClient(system.signUrl());
    probe = new Probe(system);
  }

  @AfterAll
  void stop() {
    system.close();
  }

  @BeforeEach
  void breakAgain() {
    mended = false;
    queues().client().purgeQueue(q -> q.queueUrl(queues().deadLetterQueueUrl()));
  }

  private UnreliableSigner.Answer behaviour(String message, int call) {
    if (message.startsWith("rejected") && call > 1) {
      return new Fail(422);
    }
    return mended ? new Sign() : new Fail(503);
  }

  @Test
  void eachIsShownWithItsReason() {
    List<String> ids = deadLetters("never", "rejected");

    assertThat(look())
        .containsExactlyInAnyOrder(
            "signing-exhausted\thttp-503\t" + ids.getFirst(),
            "message-rejected\thttp-422\t" + ids.getLast());
  }

  @Test
  void allAreRedrivenOneASecondAndDeliveredUnderTheirOldIds() {
    List<String> ids = deadLetters("one", "two", "three");
    mended = true;
    Instant start = Instant.now();

    redrive();

    ids.forEach(id -> assertThat(delivered(id).signature()).isNotNull());
    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(1_500));
    assertThat(left()).isZero();
  }

  @Test
  void someAreRedrivenUnderTheirOldIdsAndTheOthersStay() {
    List<String> ids = deadLetters("four", "five", "rejected again").subList(0, 2);
    mended = true;

    redriveSome();

    ids.forEach(id -> assertThat(delivered(id).signature()).isNotNull());
    assertThat(left()).isEqualTo(1);
  }

  @Test
  void noneIsLeftAfterAPurge() {
    deadLetters("never mind");

    purge();

    assertThat(left()).isZero();
  }

  /** Sends the messages, waits until each is a dead letter, and returns the job ids. */
  private List<String> deadLetters(String... messages) {
    List<String> ids =
        Stream.of(messages)
            .map(message -> client.sign(message, system.inbox().url()).requestId())
            .toList();
    ids.forEach(probe::awaitDeadLetter);
    return ids;
  }

  private Delivery delivered(String id) {
    return probe.awaitDeliveries(id, 1).getFirst();
  }

  private int left() {
    return TemplateQueues.messages(queues().client(), queues().deadLetterQueueUrl());
  }

  QueueServer queues() {
    return system.queues();
  }

  String arn(String queueUrl) {
    return queues()
        .client()
        .getQueueAttributes(q -> q.queueUrl(queueUrl).attributeNames(QueueAttributeName.QUEUE_ARN))
        .attributes()
        .get(QueueAttributeName.QUEUE_ARN);
  }
}
