package dev.signrelay.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.local.DynamoDbServer;
import dev.signrelay.local.LocalSystem;
import dev.signrelay.local.Template;
import dev.signrelay.local.UnreliableSigner.Answer;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.ops.DeadLetterQueue.Fate;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.Probe;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.SilentSystem;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** The operators' tool against a running system. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(value = SharedResource.PROCESSORS, mode = ResourceAccessMode.READ)
@Order(2)
final class OpsIT {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "1000",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "1",
          "RETRY_MAX_ATTEMPTS", "2",
          "RETRY_GIVE_UP_AFTER_SECONDS", "0");

  private volatile boolean upstreamIsHealthy;

  @AutoClose
  private final LocalSystem system =
      SilentSystem.start(SETTINGS, this::behaviour, 0, Duration.ofSeconds(30));

  private final ApiClient client = new ApiClient(system.signUrl());
  private final Probe probe = new Probe(system);

  OpsIT() throws IOException {}

  @BeforeEach
  void reset() {
    upstreamIsHealthy = false;
    ops("line", "resume"); // in case that another test has failed during its pause
    sqs().purgeQueue(q -> q.queueUrl(deadLetterQueue()));
  }

  private Answer behaviour(String message, int call) {
    return message.startsWith("rejected") && call > 1
        ? new Fail(422)
        : upstreamIsHealthy ? new Sign() : new Fail(503);
  }

  @Test
  void deadLettersAreListedWithTheirReasonsAndRemainVisible() {
    List<String> ids = deadLettered("never", "rejected");
    sendToDeadLetters("poison");

    OpsRun list = ops("dead", "list");

    assertThat(list.printed())
        .containsPattern(ids.getFirst() + "  signing-exhausted  http-503 +2 ")
        .containsPattern(ids.getLast() + "  message-rejected   http-422 +2 ")
        .contains("malformed")
        .endsWith("3 dead letters\n");
    assertThat(probe.deadLetters()).as("visible for others").hasSize(3);
    JsonNode rejected = ops("dead", "list", "--json", "--reason", "message-rejected").json();
    assertThat(rejected.findValuesAsText("jobId")).containsExactly(ids.getLast());
    assertThat(rejected.toString()).doesNotContain("\"rejected\"");
    assertThat(ops("dead", "show", ids.getLast(), "--json").json().findValuesAsText("message"))
        .containsExactly("rejected");
    assertThat(ops("dead", "show", ids.getLast()).printed())
        .containsPattern("body +\\{\"version\":1,.*\"message\":\"rejected\"");
    assertThat(ops("job", ids.getLast()).printed()).containsPattern("status +failed");
    assertThat(ops("job", "unknown").status()).isEqualTo(1);
  }

  /** As the local run's log and console show them. */
  @Test
  void theFirstEightCharactersOfAnIdSuffice() {
    String id = deadLettered("short").getFirst();
    String start = id.substring(0, 8);

    assertThat(ops("job", start).printed())
        .containsPattern("id +" + id)
        .containsPattern("acceptedAt +[0-9T:-]{19}Z\n");
    assertThat(ops("dead", "show", start).printed()).containsPattern("jobId +" + id);
    for (String command : List.of("job", "dead show")) {
      OpsRun tooShort = ops((command + " " + id.substring(0, 7)).split(" "));
      assertThat(tooShort.status()).isEqualTo(1);
      assertThat(tooShort.errors()).startsWith("No ").contains(id.substring(0, 7));
    }
  }

  @Test
  void anIdThatIsNotUniqueIsRefused() {
    for (String end : List.of("one", "two")) {
      Job job = NeedsSignature.first(acceptance("ambiguous-" + end), "message");
      sendToDeadLetters(JobCodec.encode(job));
    }

    OpsRun run = ops("dead", "show", "ambiguous-");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.errors())
        .isEqualTo("Several dead letters have an id that begins with ambiguous-\n");
    assertThat(ops("dead", "show", "ambiguous-one").printed()).contains("ambiguous-one");
  }

  @Test
  void aRedriveDeliversTheSelectedJobsAtItsRateUnderTheirIds() {
    List<String> ids = deadLettered("one", "two", "three", "four", "rejected again");
    upstreamIsHealthy = true;

    assertThat(ops("dead", "redrive", ids.getFirst(), "unknown").status()).isEqualTo(1);
    assertThat(delivered(ids.getFirst())).isNotNull();
    assertThat(ops("dead", "redrive", "--dry-run", "--json").json().get("wouldRedrive")).hasSize(4);
    Instant start = Instant.now();
    OpsRun run = ops("dead", "redrive", "--rate", "2", "--reason", "signing-exhausted");

    assertThat(run.printed()).endsWith("redriven: 3\n");
    assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofMillis(900));
    ids.subList(0, 4).forEach(id -> assertThat(delivered(id)).isNotNull());
    assertThat(remaining()).isEqualTo(1);
    assertThat(ops("job", ids.getFirst(), "--json").json().get("status").asText())
        .isEqualTo("delivered");
  }

  /** The queue to which they are redriven is their own, so that they come back at once. */
  @Test
  void aRedriveTouchesEachJobOnceAndLeavesWhatIsExpiredOrCannotBeRead() {
    deadLettered("again", "and again");
    Instant past = Instant.now().minusSeconds(1);
    URI inbox = URI.create(system.inbox().url());
    var expired = new Acceptance("expired", inbox, past.minusSeconds(9), past, "");
    sendToDeadLetters(JobCodec.encode(NeedsSignature.first(expired, "late")));
    sendToDeadLetters("poison");
    var queue = new DeadLetterQueue(sqs(), deadLetterQueue(), deadLetterQueue());

    var run = queue.redrive(_ -> true, Instant.now().plusSeconds(60), _ -> true);

    assertThat(run.get(Fate.REDRIVEN)).hasSize(2);
    assertThat(run.get(Fate.CAME_BACK)).hasSize(2);
    assertThat(run.get(Fate.EXPIRED)).extracting(DeadLetter::jobId).containsExactly("expired");
    assertThat(run.get(Fate.UNREADABLE)).hasSize(1);
    var before = queue.redrive(_ -> true, past.minusSeconds(3600), _ -> true);
    assertThat(before.get(Fate.NEWER)).hasSize(3);
    OpsRun left = ops("dead", "redrive", "expired");
    assertThat(left.errors()).isEqualTo("1 left: expired: a redrive cannot succeed\n");
    assertThat(left.output()).isEqualTo("redriven: 0\n");
    assertThat(ops("dead", "purge", "expired", "--yes").printed()).isEqualTo("deleted: 1\n");
    assertThat(remaining()).isEqualTo(3);
  }

  /** A job that SQS moved after too many receives has used attempts; it was sent long ago. */
  @Test
  void aJobThatSqsMovedItselfStartsAnew() {
    String job =
        JobCodec.encode(new NeedsSignature(acceptance("moved"), "moved", 2, null, Instant.EPOCH));
    var sentAt = MessageAttributeValue.builder().dataType("Number").stringValue("1000").build();
    sqs()
        .sendMessage(
            m ->
                m.queueUrl(deadLetterQueue())
                    .messageBody(job)
                    .messageAttributes(Map.of("sentAt", sentAt)));

    ops("dead", "redrive", "moved");

    await("two calls").atMost(TIMEOUT).until(() -> system.signer().calls("moved") == 2);
    probe.awaitDeadLetter("moved");
  }

  @Test
  void aPurgeAsksAndDeletesWhatWasChosen() {
    deadLettered("never mind", "rejected for ever");

    OpsRun refused = ops("dead", "purge");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.errors()).contains("Delete 2 dead letters");
    assertThat(ops("dead", "purge", "--dry-run").printed()).isEqualTo("would delete: 2\n");
    assertThat(remaining()).isEqualTo(2);

    run("yes\n", "dead", "purge", "--reason", "message-rejected").printed();
    assertThat(remaining()).isEqualTo(1);
    assertThat(ops("dead", "purge", "--yes").printed()).isEqualTo("deleted: 1\n");
    assertThat(remaining()).isZero();
  }

  @Test
  void duringAPauseJobsAreAcceptedAndDeliveredButNotCalled() {
    upstreamIsHealthy = true;
    await("a signature")
        .atMost(TIMEOUT)
        .until(() -> client.sign("before").signStatus().equals("signed"));

    assertThat(ops("line", "pause", "--for", "1h").printed()).startsWith("Paused until ");

    // A limiter that does not answer in time knows nothing of the pause.
    ApiClient.Answer accepted =
        await("a limiter that answers")
            .atMost(TIMEOUT)
            .until(() -> client.sign("during", system.inbox().url()), a -> a.expectedIn() > 60);
    assertThat(accepted.signStatus()).isEqualTo("queued");
    assertThat(accepted.expectedIn()).isBetween(3_500L, 3_600L);
    assertThat(client.sign("at once").signStatus()).isEqualTo("unsigned");
    var signed = new NeedsCallback(acceptance("meanwhile"), "signature", 1, null, Instant.now(), 1);
    probe.send(JobCodec.encode(signed));
    assertThat(delivered("meanwhile")).isNotNull();
    JsonNode shown = ops("line", "show", "--json").json();
    assertThat(shown.get("line").asInt()).isPositive();
    assertThat(shown.get("paused").asBoolean()).isTrue();
    // Every second it tries to drain the line, and finds no grant.
    await("no call")
        .atMost(TIMEOUT)
        .during(Duration.ofSeconds(3))
        .until(() -> system.signer().calls("during") == 0);

    assertThat(ops("line", "resume").printed()).startsWith("Resumed.");

    assertThat(delivered(accepted.requestId())).isNotNull();
    assertThat(ops("line", "show").printed()).containsPattern("paused +no");
    assertThat(ops("line", "resume").printed()).isEqualTo("Calls are not paused.\n");
  }

  /** As in a new deployment, or with a limit of 0. */
  @Test
  void withoutAScheduleTheLineIsShownAndAPauseSaysWhatToDo() throws IOException {
    try (var table = new DynamoDbServer("127.0.0.1", 0, Template.read())) {
      String port = "--dynamodb-port=" + table.endpoint().getPort();

      assertThat(run("", port, "line", "show").printed()).containsPattern("limit +none");
      OpsRun pause = run("", port, "line", "pause");
      assertThat(pause.status()).isEqualTo(1);
      assertThat(pause.errors()).contains("has no schedule yet", "If the limit is 0");
    }
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

  private String delivered(String id) {
    return probe.awaitDeliveries(id, 1).getFirst().signature();
  }

  private void sendToDeadLetters(String body) {
    sqs().sendMessage(m -> m.queueUrl(deadLetterQueue()).messageBody(body));
  }

  private Acceptance acceptance(String id) {
    return new Acceptance(id, URI.create(system.inbox().url()), Instant.now());
  }

  private OpsRun ops(String... arguments) {
    String port = "--dynamodb-port=" + system.limits().endpoint().getPort();
    return run("", Stream.concat(Stream.of(port), Stream.of(arguments)).toArray(String[]::new));
  }

  private OpsRun run(String input, String... arguments) {
    return OpsRun.of(
        input,
        Stream.concat(
                Stream.of(arguments),
                Stream.of("--local", "--sqs-port=" + system.queues().endpoint().getPort()))
            .toArray(String[]::new));
  }

  private int remaining() {
    return QueueCounts.of(sqs(), deadLetterQueue()).total();
  }

  private String deadLetterQueue() {
    return system.queues().deadLetterQueueUrl();
  }

  private SqsClient sqs() {
    return system.queues().client();
  }
}
