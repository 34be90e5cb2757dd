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
import dev.signrelay.testing.Night;
import dev.signrelay.testing.SharedResource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * No accepted job is lost when processes are killed with {@code kill -9}. In each round, one
 * process is killed at a random time under load and restarted: a SignFunction, a RetryFunction
 * together with its event sources, DispatchFunction while jobs wait in line, or the queue server,
 * which stores confirmed messages on disk.
 */
@Timeout(240)
@Order(1)
final class KilledProcessesIT {

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

  /** Which process a round kills. */
  private enum Victim {
    RETRY_FUNCTION,
    SIGN_OR_RETRY_FUNCTION,
    DISPATCH_FUNCTION,
    QUEUE_SERVER
  }

  private final long seed = Long.getLong("kill.seed", new Random().nextLong());
  private final Random kills = new Random(seed);
  private final Random fates = new Random(seed + 1);
  private final AtomicInteger unanswered = new AtomicInteger();
  private final Map<String, String> accepted = new ConcurrentHashMap<>();
  private final Set<String> dead = new HashSet<>();
  private final List<String> killed = new ArrayList<>();
  private int nextJob;
  private int nextJobInLine;
  private final HttpClient http = HttpClient.newHttpClient();
  private SystemOfProcesses system;

  /**
   * @param processes of SignFunction, and of RetryFunction
   */
  private void start(int processes) throws IOException {
    system =
        new SystemOfProcesses(
            processes, processes, SETTINGS, Duration.ofSeconds(5), 0, this::behaviour);
    system.inbox.answerWith(_ -> fates.nextInt(5) == 0 ? 503 : 204);
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
  void noJobIsLostWhenARetryFunctionAndTheQueueServerAreKilled() throws Exception {
    start(1);
    run(List.of(Victim.RETRY_FUNCTION, Victim.QUEUE_SERVER), 10, 0);
  }

  @Test
  @Night
  @ResourceLock(SharedResource.PROCESSORS)
  void noJobIsLostWhenProcessesOfAllKindsAreKilled() throws Exception {
    start(2);
    run(
        List.of(
            Victim.SIGN_OR_RETRY_FUNCTION,
            Victim.SIGN_OR_RETRY_FUNCTION,
            Victim.DISPATCH_FUNCTION,
            Victim.QUEUE_SERVER,
            Victim.SIGN_OR_RETRY_FUNCTION,
            Victim.DISPATCH_FUNCTION,
            Victim.SIGN_OR_RETRY_FUNCTION,
            Victim.QUEUE_SERVER,
            Victim.SIGN_OR_RETRY_FUNCTION,
            Victim.SIGN_OR_RETRY_FUNCTION),
        20,
        30);
  }

  /** Every accepted job is delivered or dead-lettered. */
  private void run(List<Victim> victims, int jobsInARound, int jobsInLine) throws Exception {
    for (Victim victim : victims) {
      round(victim, jobsInARound, jobsInLine);
    }
    long dispatchRounds = victims.stream().filter(Victim.DISPATCH_FUNCTION::equals).count();
    assertThat(accepted)
        .hasSize((int) (victims.size() * jobsInARound + dispatchRounds * jobsInLine));

    // The queue server may still be starting.
    await("delivery or dead letter of each accepted job")
        .atMost(TIMEOUT)
        .ignoreExceptionsInstanceOf(SdkException.class)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () -> assertThat(acceptedJobsThatHaveNotEnded()).as("%s", history()).isEmpty());
    await("empty queues")
        .atMost(TIMEOUT)
        .ignoreExceptionsInstanceOf(SdkException.class)
        .until(() -> system.queues.jobs(system.sqs) == 0);
    assertThat(wrongSignatures()).as("%s", history()).isEmpty();
  }

  private Set<String> acceptedJobsThatHaveNotEnded() {
    var jobs = new HashSet<>(accepted.keySet());
    system.inbox.deliveries().stream()
        .filter(delivery -> delivery.status() == 204)
        .forEach(delivery -> jobs.remove(delivery.id()));
    if (!dead.containsAll(jobs)) {
      receiveDeadLetters();
    }
    jobs.removeAll(dead);
    return jobs;
  }

  /** Each dead letter is received once: it is hidden for longer than any test takes. */
  private void receiveDeadLetters() {
    List<Message> letters;
    do {
      letters =
          system
              .sqs
              .receiveMessage(
                  r ->
                      r.queueUrl(system.queues.deadLetterQueueUrl())
                          .maxNumberOfMessages(10)
                          .visibilityTimeout(600))
              .messages();
      letters.forEach(letter -> dead.add(JobCodec.decode(letter.body()).id()));
    } while (!letters.isEmpty());
  }

  /** What a failure has to say. */
  private String history() {
    return "-Dkill.seed=%d%n%s%n%d requests without a response or with a 503"
        .formatted(seed, String.join("\n", killed), unanswered.get());
  }

  private void round(Victim kind, int jobs, int jobsInLine) throws Exception {
    ChildJvm victim = victim(kind);
    int moment = kills.nextInt(LATEST_KILL_MILLIS);
    killed.add("killed %s after %d ms".formatted(victim, moment));
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> kill = timer.schedule(victim::killAndRestart, moment, TimeUnit.MILLISECONDS);
      List<Future<?>> requests =
          IntStream.range(0, jobs)
              .<Future<?>>mapToObj(
                  _ -> {
                    int job = nextJob++;
                    return clients.submit(() -> untilAccepted(job));
                  })
              .toList();
      if (kind == Victim.DISPATCH_FUNCTION) {
        IntStream.range(0, jobsInLine).forEach(_ -> joinLine(nextJobInLine++));
      }
      for (Future<?> request : requests) {
        request.get();
      }
      kill.get();
    }
  }

  private ChildJvm victim(Victim kind) {
    List<ChildJvm> sign = system.signFunctions;
    List<ChildJvm> retry = system.retryFunctions;
    return switch (kind) {
      case RETRY_FUNCTION -> retry.get(kills.nextInt(retry.size()));
      case SIGN_OR_RETRY_FUNCTION -> {
        List<ChildJvm> functions = Stream.concat(sign.stream(), retry.stream()).toList();
        yield functions.get(kills.nextInt(functions.size()));
      }
      case DISPATCH_FUNCTION -> system.dispatchFunction;
      case QUEUE_SERVER -> system.queueServer;
    };
  }

  /** Without a limit no request joins the line by itself. */
  private void joinLine(int number) {
    String message = "job " + number + " in line";
    URI inbox = URI.create(system.inbox.url());
    var job = NeedsSignature.first(new Acceptance("line-" + number, inbox, Instant.now()), message);
    var _ =
        system.sqs.sendMessage(
            m -> m.queueUrl(system.queues.lineQueueUrl()).messageBody(JobCodec.encode(job)));
    accepted.put(job.id(), message);
  }

  /** Retries like a client: sends a new request after a 503 or if there was no response. */
  private void untilAccepted(int job) {
    var tries = new AtomicInteger();
    await("acceptance of job " + job)
        .atMost(TIMEOUT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(500))
        .until(() -> isAccepted(job, tries.incrementAndGet()));
  }

  private boolean isAccepted(int job, int number) throws InterruptedException {
    String message = "job " + job + " request " + number;
    List<ChildJvm> sign = system.signFunctions;
    int port = sign.get((job + number) % sign.size()).port();
    var client =
        new ApiClient(URI.create("http://localhost:" + port + "/crypto/sign"), http, Map.of());
    try {
      Answer answer = client.trySign(message, system.inbox.url());
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
    for (CallbackInbox.Delivery delivery : system.inbox.deliveries()) {
      Optional.ofNullable(accepted.get(delivery.id()))
          .filter(message -> !system.signer.verify(message, delivery.signature()))
          .ifPresent(message -> wrong.put(delivery.id(), message));
    }
    return wrong;
  }
}
