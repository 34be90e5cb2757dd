package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Config;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.QueueServer;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.ApiEvents;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SilentSystem;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What clients read of their jobs, from the functions and a table. */
final class JobRecordsIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0",
          "CRYPTO_CLIENT_TIMEOUT_SECONDS", "0.5",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "1",
          "JOB_TABLE", DynamoDbServer.JOB_TABLE);

  private LocalSystem system;
  private SqsClient sqs;
  private DynamoDbClient dynamoDb;
  private SignHandler reader;
  private ApiClient client;

  @BeforeEach
  void start() throws IOException {
    system =
        SilentSystem.start(
            SETTINGS,
            (_, call) -> call == 1 ? new Fail(503) : new Sign(),
            0,
            Duration.ofSeconds(4));
    sqs = QueueServer.client(system.queues().endpoint());
    dynamoDb = DynamoDbServer.client(system.limits().endpoint());
    reader =
        new SignHandler(
            ServiceFactory.create(
                Config.from(system.environment()::get),
                AwsClients.of(() -> sqs, () -> dynamoDb),
                new SystemTime(),
                _ -> {}));
    client = new ApiClient(system.signUrl());
  }

  @AfterEach
  void stop() {
    dynamoDb.close();
    sqs.close();
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
    assertThat(delivered.path("last_outcome").textValue()).isEqualTo("http-204");
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
    await().atMost(TIMEOUT).until(() -> new Probe(system).isQuiet());
  }

  @Test
  void aJobIsDeliveredWhileTheTableIsDown() {
    system.limits().close();

    Answer queued = client.sign("hello", system.inbox().url());

    assertThat(queued.status()).isEqualTo(200);
    assertThat(queued.signStatus()).isEqualTo("queued");
    assertThat(queued.took()).isLessThan(Duration.ofSeconds(2));
    new Probe(system).awaitDeliveries(queued.requestId(), 1);
    assertThat(read(queued.requestId()).getStatusCode()).isEqualTo(503);
  }

  private JsonNode awaitStatus(String id, String status) {
    await()
        .atMost(TIMEOUT)
        .until(
            () ->
                read(id).getStatusCode() == 200
                    && record(id).path("status").textValue().equals(status));
    return record(id);
  }

  private JsonNode record(String id) {
    return LogAssertions.json(read(id).getBody()).path("data");
  }

  private APIGatewayV2HTTPResponse read(String id) {
    return reader.handleRequest(ApiEvents.job(id, Map.of()), null);
  }
}
