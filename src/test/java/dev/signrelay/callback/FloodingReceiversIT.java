package dev.signrelay.callback;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.app.ServiceFactory;
import dev.signrelay.app.Services;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.http.HttpTransport;
import dev.signrelay.http.Network;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.QueueBatch;
import dev.signrelay.testing.SentJobs;
import dev.signrelay.testing.TestEnvironment;
import dev.signrelay.testing.http.ConnectionHandlers;
import dev.signrelay.testing.http.LocalTls;
import dev.signrelay.testing.http.RawServer;
import dev.signrelay.testing.http.TlsFlood;
import dev.signrelay.time.SystemTime;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Receivers that keep as many threads computing as there are processors, and more. */
@Night
@Isolated("occupies all processors")
@Timeout(60)
final class FloodingReceiversIT {

  private static final int FLOODS = 2 * Runtime.getRuntime().availableProcessors();
  private static final Duration CALLBACK_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TIME = Duration.ofSeconds(20);
  private static final String RETRY = TestEnvironment.REQUIRED.get("RETRY_QUEUE_URL");
  private static final String CALLBACK = TestEnvironment.REQUIRED.get("CALLBACK_QUEUE_URL");

  private final RawServer honest =
      RawServer.start(LocalTls.secured(ConnectionHandlers.answers(200, "signature")));
  private final RawServer hostile = RawServer.start(_ -> {});
  private final SentJobs sqs = new SentJobs();
  private final List<LogEvent> log = new CopyOnWriteArrayList<>();
  private final Services services = services();

  /** The first calls load classes. */
  @BeforeEach
  void warmUp() {
    assertThat(
            QueueBatch.of(deliverable("first", honest), unsigned("second")).failed(services, TIME))
        .isEmpty();
    sqs.sent().clear();
    log.clear();
  }

  @AfterEach
  void close() throws IOException {
    honest.close();
    hostile.close();
  }

  @ParameterizedTest
  @EnumSource
  void aFloodEndsAtTheTimeoutAndTheOtherJobsOfTheBatchAreHandled(TlsFlood flood) {
    hostile.handleWith(flood);
    List<String> floods = IntStream.range(0, FLOODS).mapToObj(i -> "flood-" + i).toList();
    var others = List.of("honest-1", "honest-2", "honest-3");
    Stream<Job> deliveries =
        Stream.concat(
            floods.stream().map(id -> deliverable(id, hostile)),
            others.stream().map(id -> deliverable(id, honest)));
    Job[] jobs = Stream.concat(deliveries, Stream.of(unsigned("unsigned"))).toArray(Job[]::new);

    Instant start = Instant.now();
    assertThat(QueueBatch.of(jobs).failed(services, TIME)).isEmpty();

    assertThat(Duration.between(start, Instant.now())).isLessThan(TIME.dividedBy(2));
    // A client that is slow may end the connection of a flood before its time.
    assertThat(jobsWithOutcome("timeout", "tls", "disconnected"))
        .containsExactlyInAnyOrderElementsOf(floods);
    assertThat(jobsWithOutcome("http-200")).containsExactlyInAnyOrderElementsOf(others);
    assertThat(jobsWithOutcome("signed")).containsExactly("unsigned");
    assertThat(sqs.sentTo(RETRY)).isEmpty();
    assertThat(sqs.sentTo(CALLBACK))
        .extracting(job -> job.id() + ", attempt " + job.attempt())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    floods.stream().map(id -> id + ", attempt 2"), Stream.of("unsigned, attempt 1"))
                .toList());
    await("the end of all connections")
        .atMost(30, SECONDS)
        .until(() -> hostile.openConnections() == 0);
    await("the end of all calls").atMost(30, SECONDS).until(() -> callsThatGoOn().isEmpty());
  }

  /** The stacks of threads in a call, although every call has returned to its caller. */
  private static List<StackTraceElement[]> callsThatGoOn() {
    return Thread.getAllStackTraces().values().stream()
        .filter(
            stack ->
                Stream.of(stack)
                    .anyMatch(frame -> frame.getClassName().equals(HttpTransport.class.getName())))
        .toList();
  }

  private List<String> jobsWithOutcome(String... outcomes) {
    return log.stream()
        .filter(event -> List.of(outcomes).contains(event.fields().getOrDefault("outcome", "")))
        .map(event -> (String) event.fields().get("id"))
        .toList();
  }

  private static Job deliverable(String id, RawServer receiver) {
    return new NeedsCallback(
        new Acceptance(id, receiver.trustedUrl("/"), Instant.now()), "signature", 1, null);
  }

  private static Job unsigned(String id) {
    return NeedsSignature.first(
        new Acceptance(id, URI.create("https://receiver.example/"), Instant.now()), "hello");
  }

  private Services services() {
    return ServiceFactory.create(
        TestEnvironment.config(
            Map.of(
                "CRYPTO_CLIENT_BASE_URL",
                honest.trustedUrl("").toString(),
                "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE",
                "0",
                "CALLBACK_ALLOW_PRIVATE_ADDRESSES",
                "true",
                "CALLBACK_TIMEOUT_SECONDS",
                Long.toString(CALLBACK_TIMEOUT.toSeconds()))),
        AwsClients.of(
            () -> sqs,
            () -> {
              throw new IllegalStateException("there is no limit");
            }),
        new SystemTime(),
        log::add,
        Network.ofSystem().withTls(LocalTls.client()));
  }
}
