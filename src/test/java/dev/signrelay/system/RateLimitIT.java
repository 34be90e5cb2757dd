package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.TemplateQueues;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.SilentSystem;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The rate limit in the whole system, with DynamoDB Local and a signer with its own limit. */
@Timeout(120)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class RateLimitIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int CALLS = 10;

  private LocalSystem system;
  private ApiClient client;

  @BeforeEach
  void start() throws IOException {
    system =
        SilentSystem.start(
            Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", Integer.toString(CALLS)),
            (_, _) -> new Sign(),
            CALLS,
            null);
    client = new ApiClient(system.signUrl());
    // In a cold process, the first requests may get no grant in time or fail to be queued.
    await("a first signature")
        .atMost(TIMEOUT)
        .until(() -> client.sign("first").signStatus().equals("signed"));
  }

  @AfterEach
  void stop() {
    system.close();
  }

  @Test
  void requestsBeyondTheLimitAreQueuedWithoutACall() {
    String inbox = system.inbox().url();

    List<Answer> answers =
        IntStream.range(0, 15).mapToObj(i -> client.sign("message " + i, inbox)).toList();

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    long signed = answers.stream().filter(a -> a.signStatus().equals("signed")).count();
    long queued = answers.stream().filter(a -> a.signStatus().equals("queued")).count();
    assertThat(signed).isBetween(1L, 9L);
    assertThat(queued).isEqualTo(15 - signed);
    assertThat(system.signer().refusals()).isZero();
    await("%d jobs in the queues or delivered".formatted(queued))
        .atMost(TIMEOUT)
        .until(() -> jobs() + system.inbox().deliveries().size() == queued);
  }

  /** The schedule of the table is replaced by one whose grants begin in 8 s. */
  @Test
  void aJobWithANearGrantIsCalledWhenItBegins() {
    Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(8);
    ScheduleInTable.write(system.limits(), CALLS, from, Duration.ZERO);

    Answer answer = client.sign("later", system.inbox().url());
    Answer unsigned = client.sign("no callback");

    assertThat(answer.signStatus()).isEqualTo("queued");
    assertThat(unsigned.signStatus()).isEqualTo("unsigned");
    assertThat(system.signer().calls("later")).isZero();
    new Probe(system).awaitDeliveries(answer.requestId(), 1);
    assertThat(Instant.now()).isAfterOrEqualTo(from);
    assertThat(system.signer().calls("later")).isOne();
    assertThat(system.signer().refusals()).isZero();
  }

  @Test
  void aRequestBeyondTheLimitWithoutACallbackIsUnsigned() {
    IntStream.range(0, 10).forEach(_ -> client.sign("uses the remaining calls"));

    Answer answer = client.sign("no callback");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.signStatus()).isEqualTo("unsigned");
    assertThat(system.signer().calls("no callback")).isZero();
    assertThat(system.signer().refusals()).isZero();
  }

  @Test
  void whileTheTableIsDownTheUpstreamIsNotCalledAndTheJobIsQueued() {
    system.limits().close();

    Answer queued = client.sign("hello", system.inbox().url());
    Answer unsigned = client.sign("hello");

    assertThat(queued.signStatus()).isEqualTo("queued");
    assertThat(unsigned.signStatus()).isEqualTo("unsigned");
    assertThat(system.signer().calls("hello")).isZero();
    assertThat(TemplateQueues.messages(sqs(), system.queues().queues().lineQueueUrl())).isOne();
  }

  private int jobs() {
    return system.queues().queues().jobs(sqs());
  }

  private SqsClient sqs() {
    return system.queues().client();
  }
}
