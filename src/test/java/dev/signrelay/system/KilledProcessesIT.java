package dev.signrelay.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.local.CallbackInbox;
import dev.signrelay.local.UnreliableSigner;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Hang;
import dev.signrelay.local.UnreliableSigner.Answer.SignAfter;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.ChildJvm;
import dev.signrelay.testing.SharedResource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * No accepted job is lost when processes are killed with {@code kill -9}. In each round, one
 * process is killed at a random time under load and restarted: a SignFunction, a RetryFunction
 * together with its event sources, DispatchFunction while jobs wait in line, or the queue server,
 * which stores confirmed messages on disk.
 */
@Timeout(240)
@ResourceLock(SharedResource.PROCESSORS)
@Order(2)
final class KilledProcessesIT {

  private static final int ROUNDS = 10;
  private static final int JOBS_IN_A_ROUND = 20;
  private static final Set<Integer> QUEUE_SERVER_ROUNDS = Set.of(3, 7);
  private static final Set<Integer> DISPATCH_ROUNDS = Set.of(2, 5);
  private static final int JOBS_IN_LINE = 30;
  private static final int LATEST_KILL_MILLIS = 1_200;

  private static final Duration TIMEOUT = Duration.ofSeconds(90);
  private static final Map<String, String> SETTINGS =
      Map.of(
          "CRYPTO_CLIENT_TIMEOUT_SECONDS", "0.5",
          "CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "1.5",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "2",
          "RETRY_MAX_ATTEMPTS", "5",
          "CALLBACK_TIMEOUT_SECONDS", "1.5",
          "CALLBACK_MAX_ATTEMPTS", "5",
          "RETRY_GIVE_UP_AFTER_SECONDS", "0",
          "CALLBACK_GIVE_UP_AFTER_SECONDS", "0",
          "CALLBACK_MAX_DELAY_SECONDS", "2");

  private final long seed = Long.getLong("kill.seed", new Random().nextLong());
  private final Random kills = new Random(seed);
  private final Random fates = new Random(seed + 1);
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Map<String, String> accepted = new ConcurrentHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private SystemOfProcesses system;

  @BeforeEach
  void start() throws IOException {
    System.out.println("-Dkill.seed=" + seed);
    system = new SystemOfProcesses(SETTINGS, Duration.ofSeconds(5), 0, this::behaviour);
    system.inbox().answerWith(_ -> fates.nextInt(5) == 0 ? 503 : 204);
  }

  @AfterEach
  void stop() {
    system.close();
  }

  /** The first call always fails, so that each request becomes a job. Some jobs never succeed. */
  private UnreliableSigner.Answer behaviour(String message, int call) {
    int job = Integer.parseInt(message.split(" ")[1]);
    if (call == 1) {
      return job % 2 == 0 ? new Hang() : new Fail(503);
    }
    return switch (job % 10) {
      case 0 -> new Fail(500);
      case 1 -> new Fail(422);
      default ->
          fates.nextInt(10) < 3
              ? new Fail(502)
              : new SignAfter(Duration.ofMillis(fates.nextInt(800)));
    };
  }

  @Test
  void everyAcceptedJobIsDeliveredOrDeadLetteredWhenProcessesAreKilled() throws Exception {
    for (int round = 0; round < ROUNDS; round++) {
      round(round);
    }
    assertThat(accepted).hasSize(ROUNDS * JOBS_IN_A_ROUND + DISPATCH_ROUNDS.size() * JOBS_IN_LINE);

    var ended = new CompletedJobs(system);
    await()
        .atMost(TIMEOUT)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> assertThat(ended.missing(accepted.keySet())).as("seed %d", seed).isEmpty());
    await().atMost(TIMEOUT).until(ended::areQueuesEmpty);
    assertThat(wrongSignatures()).isEmpty();
    System.out.printf(
        "%d jobs, %d deliveries, %d dead letters; %d requests without a response or with a 503%n",
        accepted.size(), system.inbox().deliveries().size(), ended.deadLetters(), unanswered.get());
  }

  private void round(int round) throws Exception {
    ChildJvm victim = victim(round);
    int moment = kills.nextInt(LATEST_KILL_MILLIS);
    System.out.printf("Round %d kills %s after %d ms%n", round, victim, moment);
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> kill = timer.schedule(victim::killAndRestart, moment, TimeUnit.MILLISECONDS);
      List<Future<?>> requests =
          IntStream.range(round * JOBS_IN_A_ROUND, (round + 1) * JOBS_IN_A_ROUND)
              .<Future<?>>mapToObj(job -> clients.submit(() -> untilAccepted(job)))
              .toList();
      if (victim == system.dispatchFunction()) {
        IntStream.range(0, JOBS_IN_LINE).forEach(job -> joinLine(round * JOBS_IN_LINE + job));
      }
      for (Future<?> request : requests) {
        request.get();
      }
      kill.get();
    }
  }

  private ChildJvm victim(int round) {
    if (QUEUE_SERVER_ROUNDS.contains(round)) {
      return system.queueServer();
    }
    if (DISPATCH_ROUNDS.contains(round)) {
      return system.dispatchFunction();
    }
    var functions =
        Stream.of(system.signFunctions(), system.retryFunctions())
            .flatMap(f -> f.stream())
            .toList();
    return functions.get(kills.nextInt(functions.size()));
  }

  /** Without a limit no request joins the line by itself. */
  private void joinLine(int number) {
    String message = "job " + number + " in line";
    URI inbox = URI.create(system.inbox().url());
    var job = NeedsSignature.first(new Acceptance("line-" + number, inbox, Instant.now()), message);
    var _ =
        system
            .sqs()
            .sendMessage(
                m -> m.queueUrl(system.queues().lineQueueUrl()).messageBody(JobCodec.encode(job)));
    accepted.put(job.id(), message);
  }

  /** Retries like a client: sends a new request after a 503 or if there was no response. */
  private void untilAccepted(int job) {
    var tries = new AtomicInteger();
    await()
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> isAccepted(job, tries.incrementAndGet()));
  }

  private boolean isAccepted(int job, int number) throws InterruptedException {
    String message = "job " + job + " request " + number;
    int port = system.signFunctions().get((job + number) % 2).port();
    var client =
        new ApiClient(URI.create("http://localhost:" + port + "/crypto/sign"), http, Map.of());
    try {
      Answer answer = client.trySign(message, system.inbox().url());
      if (answer.status() == 200 && answer.signStatus().equals("queued")) {
        accepted.put(answer.requestId(), message);
        return true;
      }
    } catch (IOException _) {
      // The process was killed before it responded. It may have queued the job.
    }
    unanswered.incrementAndGet();
    return false;
  }

  private Map<String, String> wrongSignatures() {
    var wrong = new HashMap<String, String>();
    for (CallbackInbox.Delivery delivery : system.inbox().deliveries()) {
      Optional.ofNullable(accepted.get(delivery.id()))
          .filter(message -> !system.signer().verify(message, delivery.signature()))
          .ifPresent(message -> wrong.put(delivery.id(), message));
    }
    return wrong;
  }
}
