package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.local.LocalSystem;
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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What clients read of their jobs, from the functions and a table. */
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class JobRecordsIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0",
          "CRYPTO_CLIENT_TIMEOUT_SECONDS", "0.5",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "1");

  private final HttpClient http = HttpClient.newHttpClient();
  private LocalSystem system;
  private ApiClient client;

  @BeforeEach
  void start() throws IOException {
    system =
        SilentSystem.start(
            SETTINGS,
            (_, call) -> call == 1 ? new Fail(503) : new Sign(),
            0,
            Duration.ofSeconds(4));
    client = new ApiClient(system.signUrl());
  }

  @AfterEach
  void stop() {
    http.close();
    system.close();
  }

  @Test
  void theRecordOfAJobFollowsItToItsDelivery() {
    Answer queued = client.sign("hello", system.inbox().url());
    assertThat(queued.signStatus()).isEqualTo("queued");

    JsonNode first = record(queued.requestId());
    assertThat(first.path("attempts").intValue()).isPositive();

    JsonNode delivered = awaitStatus(queued.requestId(), "delivered");
    assertThat(delivered.path("attempts").intValue()).isEqualTo(2);
    assertThat(delivered.path("deliveries").intValue()).isEqualTo(1);
    assertThat(delivered.path("last_outcome").textValue()).isEqualTo("delivered");
    assertThat(system.signer().verify("hello", delivered.path("signature").textValue())).isTrue();
  }

  @Test
  void aJobWithoutACallbackUrlIsSignedInItsRecord() {
    var acceptance = new Acceptance("job-1", null, Instant.now(), null, "");

    new Probe(system).send(JobCodec.encode(NeedsSignature.first(acceptance, "hello")));

    JsonNode signed = awaitStatus("job-1", "signed");
    assertThat(signed.path("deliveries").intValue()).isZero();
    assertThat(signed.has("next_attempt_at")).isFalse();
    assertThat(system.signer().verify("hello", signed.path("signature").textValue())).isTrue();
    await("empty queues").atMost(TIMEOUT).until(() -> new Probe(system).isQuiet());
  }

  @Test
  void aJobIsDeliveredWhileTheTableIsDown() {
    system.limits().close();

    Answer queued = client.sign("hello", system.inbox().url());

    assertThat(queued.status()).isEqualTo(200);
    assertThat(queued.signStatus()).isEqualTo("queued");
    new Probe(system).awaitDeliveries(queued.requestId(), 1);
    assertThat(read(queued.requestId()).statusCode()).isEqualTo(503);
  }

  private JsonNode awaitStatus(String id, String status) {
    await("the status " + status)
        .atMost(TIMEOUT)
        .until(() -> status.equals(record(id).path("status").textValue()));
    return record(id);
  }

  private JsonNode record(String id) {
    return LogAssertions.json(read(id).body()).path("data");
  }

  private HttpResponse<String> read(String id) {
    var request = HttpRequest.newBuilder(system.signUrl().resolve("/crypto/jobs/" + id)).build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
