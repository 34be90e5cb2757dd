package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SilentSystem;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every queue of jobs has a consumer in the local run. There is no rate limit. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QueuesOfJobsIT {

  private LocalSystem system;
  private Probe probe;

  @BeforeAll
  void start() throws IOException {
    system =
        SilentSystem.start(
            Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0"), (_, _) -> new Sign(), 0, null);
    probe = new Probe(system);
  }

  @AfterAll
  void stop() {
    system.close();
  }

  @Test
  void aJobInLineIsDispatchedSignedAndDelivered() {
    send(system.queues().queues().lineQueueUrl(), unsigned("in-line"));

    String signature = probe.awaitDeliveries("in-line", 1).getFirst().signature();

    assertThat(system.signer().verify("hello", signature)).isTrue();
    await("empty queues")
        .atMost(Duration.ofSeconds(30))
        .until(() -> system.queues().queues().jobs(system.queues().client()) == 0);
  }

  @Test
  void aJobInTheRetryQueueIsSignedAndDelivered() {
    send(system.queues().retryQueueUrl(), unsigned("retried"));

    assertThat(probe.awaitDeliveries("retried", 1).getFirst().signature()).isNotNull();
  }

  @Test
  void aSignedJobIsDeliveredFromEitherQueueOfRetryFunction() {
    send(
        system.queues().retryQueueUrl(),
        unsigned("redriven").signed("the signature", Instant.now()));
    send(
        system.queues().queues().callbackQueueUrl(),
        unsigned("regular").signed("the signature", Instant.now()));

    assertThat(probe.awaitDeliveries("redriven", 1).getFirst().signature())
        .isEqualTo("the signature");
    assertThat(probe.awaitDeliveries("regular", 1)).hasSize(1);
  }

  private NeedsSignature unsigned(String id) {
    return NeedsSignature.first(
        new Acceptance(id, URI.create(system.inbox().url()), Instant.now()), "hello");
  }

  private void send(String queueUrl, Job job) {
    system
        .queues()
        .client()
        .sendMessage(m -> m.queueUrl(queueUrl).messageBody(JobCodec.encode(job)));
  }
}
