package dev.signrelay.callback;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.http.Network;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.testing.QueueBatch;
import dev.signrelay.testing.SentJobs;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A quarter of the receivers accepts connections and never answers. */
@Timeout(60)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
final class HangingReceiversIT {

  private static final Duration TIME = Duration.ofSeconds(30);
  private static final String RETRY = TestEnvironment.REQUIRED.get("RETRY_QUEUE_URL");
  private static final String CALLBACK = TestEnvironment.REQUIRED.get("CALLBACK_QUEUE_URL");

  private final RawServer upstream =
      RawServer.start(
          ConnectionHandlers.answers(
              200, "Content-Type: text/plain\r\n", new byte[] {'s', 'i', 'g'}));
  private final RawServer honest = RawServer.start(ConnectionHandlers.answers(204, ""));
  private final RawServer hanging = RawServer.start(ConnectionHandlers.writes(""));
  private final SentJobs sqs = new SentJobs();
  private final Services services = services();

  @AfterEach
  void close() throws IOException {
    upstream.close();
    honest.close();
    hanging.close();
  }

  @Test
  void jobsOfTheRetryQueueAreSignedAndNotDelivered() {
    handle(unsigned(8));

    assertThat(upstream.requests()).hasSize(8);
    assertThat(honest.connections() + hanging.connections()).isZero();
    assertThat(sqs.sentTo(RETRY)).isEmpty();
    assertThat(sqs.sentTo(CALLBACK)).extracting(Job::attempt).hasSize(8).containsOnly(1);
  }

  @Test
  void hangingReceiversHoldUpNoOtherDeliveryAndNoUpstreamCall() {
    List<Job> jobs = signed(8);
    // The connection of a hanging receiver ends at the timeout.
    var deliveredBefore = new CompletableFuture<Integer>();
    hanging.handleWith(
        connection -> {
          connection.readRequest();
          try {
            connection.awaitClose();
          } finally {
            deliveredBefore.complete(honest.requests().size());
          }
        });

    var deliveries = CompletableFuture.runAsync(() -> handle(jobs));
    await("two hanging deliveries").atMost(30, SECONDS).until(() -> hanging.requests().size() == 2);
    handle(unsigned(4));

    assertThat(deliveries).isNotDone();
    assertThat(upstream.requests()).hasSize(4);
    assertThat(deliveredBefore.orTimeout(30, SECONDS).join()).isEqualTo(6);
    deliveries.orTimeout(30, SECONDS).join();
    assertThat(upstream.requests()).hasSize(4);
  }

  @Test
  void aFailedCallbackReturnsToTheCallbackQueue() {
    handle(signed(8));

    assertThat(sqs.sentTo(RETRY)).isEmpty();
    assertThat(sqs.sentTo(CALLBACK))
        .extracting(job -> job.id() + ", attempt " + job.attempt())
        .containsExactlyInAnyOrder("job-0, attempt 2", "job-4, attempt 2");
    assertThat(honest.requests()).hasSize(6);
    assertThat(upstream.connections()).isZero();
  }

  private void handle(List<Job> jobs) {
    assertThat(QueueBatch.of(jobs.toArray(Job[]::new)).failed(services, TIME)).isEmpty();
  }

  private List<Job> unsigned(int count) {
    return List.copyOf(jobs(count).toList());
  }

  private List<Job> signed(int count) {
    return jobs(count).<Job>map(job -> job.signed("signature", job.acceptance().at())).toList();
  }

  private Stream<NeedsSignature> jobs(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                NeedsSignature.first(
                    new Acceptance(
                        "job-" + i, (i % 4 == 0 ? hanging : honest).url("/"), Instant.now()),
                    "hello"));
  }

  private Services services() {
    return ServiceFactory.create(
        TestEnvironment.config(
            Map.of(
                "CRYPTO_CLIENT_BASE_URL", upstream.url("").toString(),
                "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0",
                "CALLBACK_ALLOW_PRIVATE_ADDRESSES", "true",
                "CALLBACK_TIMEOUT_SECONDS", "2")),
        AwsClients.of(
            () -> sqs,
            () -> {
              throw new IllegalStateException("there is no limit");
            }),
        new SystemTime(),
        _ -> {},
        Network.ofSystem());
  }
}
