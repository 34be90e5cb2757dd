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
          "RETRY_MAX_DELAY_SECONDS", "2",
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
    String exhausted = buried("never");
    String rejected = buried("rejected");

    assertThat(look())
        .containsExactlyInAnyOrder(
            "signing-exhausted\thttp-503\t" + exhausted, "message-rejected\thttp-422\t" + rejected);
  }

  @Test
  void allAreRedrivenOneASecondAndDeliveredUnderTheirOldIds() {
    List<String> ids = Stream.of("one", "two", "three").map(this::buried).toList();
    mended = true;
    Instant start = Instant.now();

    redrive();

    ids.forEach(id -> assertThat(delivered(id).signature()).isNotNull());
    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(1_500));
    assertThat(left()).isZero();
  }

  @Test
  void someAreRedrivenUnderTheirOldIdsAndTheOthersStay() {
    buried("rejected again");
    List<String> ids = Stream.of("four", "five").map(this::buried).toList();
    mended = true;

    redriveSome();

    ids.forEach(id -> assertThat(delivered(id).signature()).isNotNull());
    assertThat(left()).isEqualTo(1);
  }

  @Test
  void noneIsLeftAfterAPurge() {
    buried("never mind");

    purge();

    assertThat(left()).isZero();
  }

  /** Creates a dead letter and returns its job id. */
  private String buried(String message) {
    String id = client.sign(message, system.inbox().url()).requestId();
    probe.awaitDeadLetter(id);
    return id;
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
