package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.CallbackInbox.Delivery;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SilentSystem;
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

/** The operations on dead letters, independent of the tool. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DeadLettersContract {

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "1000",
          "RETRY_MAXIMUM_CONCURRENCY", "100",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "1",
          "RETRY_MAX_ATTEMPTS", "2",
          "RETRY_GIVE_UP_AFTER_SECONDS", "0");

  private LocalSystem system;
  private ApiClient client;
  private Probe probe;
  private volatile boolean upstreamIsHealthy;

  /** Lists the reason, last outcome and job id of each dead letter, separated by tabs. */
  abstract List<String> list();

  /** Redrives all dead letters, one per second. */
  abstract void redrive();

  /** Redrives the dead letters with the reason {@code signing-exhausted}. */
  abstract void redriveExhausted();

  abstract void purge();

  @BeforeAll
  void start() throws IOException {
    system = SilentSystem.start(SETTINGS, this::behaviour, 0, Duration.ofSeconds(30));
    client = new ApiClient(system.signUrl());
    probe = new Probe(system);
  }

  @AfterAll
  void stop() {
    system.close();
  }

  @BeforeEach
  void reset() {
    upstreamIsHealthy = false;
    queues().client().purgeQueue(q -> q.queueUrl(queues().deadLetterQueueUrl()));
  }

  private UnreliableSigner.Answer behaviour(String message, int call) {
    if (message.startsWith("rejected") && call > 1) {
      return new Fail(422);
    }
    return upstreamIsHealthy ? new Sign() : new Fail(503);
  }

  @Test
  void deadLettersAreListedWithTheirReasons() {
    List<String> ids = deadLettered("never", "rejected");

    assertThat(list())
        .containsExactlyInAnyOrder(
            "signing-exhausted\thttp-503\t" + ids.getFirst(),
            "message-rejected\thttp-422\t" + ids.getLast());
  }

  @Test
  void aRedriveDeliversAllJobsOnePerSecondUnderTheirIds() {
    List<String> ids = deadLettered("one", "two", "three");
    upstreamIsHealthy = true;
    Instant start = Instant.now();

    redrive();

    ids.forEach(id -> assertThat(delivered(id).signature()).isNotNull());
    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(1_500));
    assertThat(remaining()).isZero();
  }

  @Test
  void aSelectiveRedriveLeavesTheOtherDeadLetters() {
    List<String> ids = deadLettered("four", "five", "rejected again").subList(0, 2);
    upstreamIsHealthy = true;

    redriveExhausted();

    ids.forEach(id -> assertThat(delivered(id).signature()).isNotNull());
    assertThat(remaining()).isEqualTo(1);
  }

  @Test
  void aPurgeDeletesAllDeadLetters() {
    deadLettered("never mind");

    purge();

    assertThat(remaining()).isZero();
  }

  /** Sends the messages, waits until each is a dead letter, and returns the job ids. */
  private List<String> deadLettered(String... messages) {
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

  private int remaining() {
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
