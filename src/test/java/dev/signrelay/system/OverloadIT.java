package dev.signrelay.system;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.signrelay.local.UnreliableSigner;
import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.Hang;
import dev.signrelay.local.UnreliableSigner.Answer.Sign;
import dev.signrelay.testing.ApiClient;
import dev.signrelay.testing.ApiClient.Answer;
import dev.signrelay.testing.ChildJvm;
import dev.signrelay.testing.HeapHistogram;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.SharedResource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A thousand concurrent requests with messages of the maximum length. The API's throttle refuses
 * most of them. The admitted requests run concurrently in two processes with little memory, whereas
 * Lambda runs each in its own process.
 *
 * <p>Response times therefore depend on this machine and are only printed. {@code DrainTest} proves
 * in virtual time that responses take less than 2 s in such a burst.
 */
@Timeout(240)
@Night
@ResourceLock(SharedResource.PROCESSORS)
@Order(3)
final class OverloadIT {

  private static final int REQUESTS = 1_000;
  private static final int LONGEST_MESSAGE = 4_096;
  private static final Duration TIMEOUT = Duration.ofSeconds(120);

  /** Far fewer than the number of requests and jobs per process. */
  private static final long FEW = 10;

  /** More than the first request loads, and independent of the number of requests. */
  private static final long FEW_BYTES = 12_000_000;

  private static final Map<String, String> SETTINGS =
      Map.of(
          "CRYPTO_CLIENT_TIMEOUT_SECONDS", "0.5",
          "CRYPTO_CLIENT_RETRY_TIMEOUT_SECONDS", "1.5",
          "RETRY_BASE_DELAY_SECONDS", "1",
          "RETRY_MAX_DELAY_SECONDS", "2",
          "RETRY_MAX_ATTEMPTS", "100");

  private final HttpClient http = HttpClient.newHttpClient();
  private final ConcurrentLinkedQueue<Answer> answers = new ConcurrentLinkedQueue<>();
  private SystemOfProcesses system;
  private volatile boolean over;

  @BeforeEach
  void start() throws IOException {
    system = new SystemOfProcesses(2, 2, SETTINGS, Duration.ofSeconds(30), 0, this::behaviour);
  }

  @AfterEach
  void stop() {
    system.close();
  }

  /** One message in four is signed immediately, and one is never signed. */
  private UnreliableSigner.Answer behaviour(String message, int call) {
    return switch (Integer.parseInt(message.strip()) % 4) {
      case 0 -> new Sign();
      case 1 -> over ? new Fail(422) : new Fail(503);
      case 2 -> over ? new Sign() : new Fail(500);
      default -> over ? new Sign() : new Hang();
    };
  }

  @Test
  void everyRequestOfABurstIsAnsweredAndEveryJobEndsWithLittleMemory() throws Exception {
    Map<ChildJvm, HeapHistogram> before = histograms();
    burst();
    over = true;
    assertThat(answers).extracting(Answer::status).contains(200, 429).isSubsetOf(200, 429, 503);

    Set<String> accepted = answers("queued").map(Answer::requestId).collect(toSet());
    var ended = new CompletedJobs(system);
    patiently().untilAsserted(() -> assertThat(ended.missing(accepted)).isEmpty());
    patiently().until(ended::areQueuesEmpty);
    System.out.printf("%d jobs, %d dead letters%n", accepted.size(), ended.deadLetters());
    // A job can be stored although its response is 503: SQS answered too late.
    long perhapsStored = answers.stream().filter(answer -> answer.status() == 503).count();
    assertThat(ended.deadLetters())
        .isPositive()
        .isLessThan((int) (accepted.size() + perhapsStored));

    http.close();
    patiently().untilAsserted(() -> requireFewMore(before, histograms()));
  }

  private static ConditionFactory patiently() {
    return await("the end of the burst").atMost(TIMEOUT).pollInterval(Duration.ofMillis(500));
  }

  private Map<ChildJvm, HeapHistogram> histograms() throws IOException {
    var histograms = new LinkedHashMap<ChildJvm, HeapHistogram>();
    for (var functions : List.of(system.signFunctions(), system.retryFunctions())) {
      for (ChildJvm function : functions) {
        histograms.put(function, HeapHistogram.of(function.pid()));
      }
    }
    return histograms;
  }

  private static void requireFewMore(
      Map<ChildJvm, HeapHistogram> before, Map<ChildJvm, HeapHistogram> now) {
    now.forEach(
        (function, objects) -> {
          assertThat(objects.bytes() - before.get(function).bytes())
              .as("%s", function)
              .isLessThan(FEW_BYTES);
          assertThat(objects.growthSince(before.get(function)))
              .as("%s", function)
              .allSatisfy((name, more) -> assertThat(more).as(name).isLessThan(FEW));
        });
  }

  private void burst() throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> requests =
          IntStream.range(0, REQUESTS)
              .<Future<?>>mapToObj(i -> clients.submit(() -> request(i)))
              .toList();
      for (Future<?> request : requests) {
        request.get();
      }
    }
    print();
  }

  /** Retries a 503 like a client. */
  private void request(int number) {
    int port = system.signFunctions().get(number % 2).port();
    var client =
        new ApiClient(URI.create("http://localhost:" + port + "/crypto/sign"), http, Map.of());
    String message = Integer.toString(number / 2) + " ".repeat(LONGEST_MESSAGE - 3);
    patiently()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofSeconds(2))
        .until(
            () -> {
              Answer answer = client.sign(message, system.inbox().url());
              answers.add(answer);
              return answer.status() != 503;
            });
  }

  private Stream<Answer> answers(String signStatus) {
    return answers.stream().filter(answer -> answer.signStatus().equals(signStatus));
  }

  private void print() {
    for (int status : List.of(200, 429, 503)) {
      List<Duration> took =
          answers.stream().filter(a -> a.status() == status).map(Answer::took).sorted().toList();
      if (!took.isEmpty()) {
        System.out.printf(
            "%d responses with status %d, the slowest after %d ms%n",
            took.size(), status, took.getLast().toMillis());
      }
    }
  }
}
