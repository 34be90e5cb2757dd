package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED;

import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.SilentSystem;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rate limit in the whole system, with DynamoDB Local and a signer with its own limit. */
@Timeout(120)
final class RateLimitIT {

  private LocalSystem system;
  private ApiClient client;

  @BeforeEach
  void start() throws IOException {
    system =
        SilentSystem.start(
            Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "10"),
            (_, _) -> new Sign(),
            10,
            null);
    client = new ApiClient(system.signUrl());
    // In a cold process, the first requests may get no grant in time or fail to be queued.
    await().until(() -> client.sign("first").signStatus().equals("signed"));
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
    assertThat(delayed()).isEqualTo(queued);
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
  void whileTheTableIsDownTheUpstreamIsNotCalledAndTheJobIsQueuedWithinTwoSeconds() {
    system.limits().close();

    Answer queued = client.sign("hello", system.inbox().url());
    Answer unsigned = client.sign("hello");

    assertThat(queued.signStatus()).isEqualTo("queued");
    assertThat(unsigned.signStatus()).isEqualTo("unsigned");
    assertThat(List.of(queued.took(), unsigned.took())).allMatch(t -> t.toMillis() < 2_000);
    assertThat(system.signer().calls("hello")).isZero();
    assertThat(delayed()).isEqualTo(1);
  }

  private long delayed() {
    return Long.parseLong(
        system
            .queues()
            .client()
            .getQueueAttributes(
                q ->
                    q.queueUrl(system.queues().retryQueueUrl())
                        .attributeNames(APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
            .attributes()
            .get(APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED));
  }
}
