package dev.signrelay.system;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.unauthorized;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.signrelay.SignHandler;
import dev.signrelay.app.Config;
import dev.signrelay.app.ServiceFactory;
import dev.signrelay.aws.AwsClients;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.FakeSecretsManager;
import dev.signrelay.testing.JumpingTime;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.TestEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Secrets that change while several processes of SignFunction handle requests. Each process has a
 * clock of its own, on which ten seconds pass between two of its requests.
 */
@Timeout(180)
@ResourceLock(SharedResource.PROCESSORS)
final class SecretRotationIT {

  private static final String UPSTREAM_KEY = FakeSecretsManager.arn("upstream-key");
  private static final String CLIENT_KEYS = FakeSecretsManager.arn("client-keys");
  private static final String OLD_CLIENT = "old-client-key-0123456789";
  private static final String NEW_CLIENT = "new-client-key-0123456789";

  private static final int PROCESSES = 4;
  private static final int REQUESTS = 80;
  private static final Duration BETWEEN_REQUESTS = Duration.ofSeconds(10);
  private static final Duration TIME_OF_A_ROTATION = Duration.ofMinutes(5);

  private final FakeSecretsManager secrets = new FakeSecretsManager();
  private final WireMockServer upstream =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
  private final List<LogEvent> log = new CopyOnWriteArrayList<>();

  /** Counted down by each process when it has handled a quarter of its requests. */
  private final CountDownLatch underLoad = new CountDownLatch(PROCESSES);

  private volatile boolean rotated;

  /** The key of clients, once the rotation has been over for long enough. */
  private volatile String clientKeyAfterwards = OLD_CLIENT;

  @BeforeEach
  void start() {
    upstream.start();
    acceptAtTheUpstream("old-key");
    secrets.put(UPSTREAM_KEY, "old-key");
    secrets.put(CLIENT_KEYS, OLD_CLIENT);
  }

  @AfterEach
  void stop() {
    upstream.stop();
    secrets.close();
  }

  @Test
  void noRequestFailsDuringARotationAndTheNewKeysAreUsedWithinFiveMinutes() throws Exception {
    clientKeyAfterwards = NEW_CLIENT;
    List<Request> requests =
        rotate(
            () -> {
              acceptAtTheUpstream("new-key");
              secrets.put(UPSTREAM_KEY, "new-key");
              secrets.put(CLIENT_KEYS, OLD_CLIENT + " " + NEW_CLIENT);
            });

    Map<String, String> used = keysByMessage();
    assertThat(requests)
        .hasSize(PROCESSES * REQUESTS)
        .allMatch(request -> request.status.equals("signed"));
    assertThat(requests)
        .filteredOn(Request::isAfterTheRotation)
        .hasSizeGreaterThan(PROCESSES * REQUESTS / 8)
        .allMatch(request -> used.get(request.message).equals("new-key"));
    assertThat(used.values()).contains("old-key");
    assertThat(log).noneMatch(event -> event.name().equals("secret not read"));
  }

  @Test
  void anUpstreamThatRefusesTheOldKeyAtOnceRefusesOneCallOfEachProcess() throws Exception {
    List<Request> requests =
        rotate(
            () -> {
              secrets.put(UPSTREAM_KEY, "new-key");
              acceptAtTheUpstream("new-key");
              upstream.stubFor(
                  get(urlPathEqualTo("/crypto/sign"))
                      .withHeader("Authorization", equalTo("old-key"))
                      .willReturn(unauthorized()));
            });

    assertThat(requests).hasSize(PROCESSES * REQUESTS);
    for (int process = 0; process < PROCESSES; process++) {
      String prefix = process + "-";
      assertThat(requests)
          .filteredOn(request -> request.message.startsWith(prefix))
          .filteredOn(request -> !request.status.equals("signed"))
          .extracting(Request::status)
          .containsExactly("unsigned");
    }
    assertThat(keysByMessage().values()).contains("new-key");
  }

  @Test
  void anOutageOfSecretsManagerFailsNoRequestOfARunningProcess() throws Exception {
    List<Request> requests = rotate(() -> secrets.fail(500, "InternalServiceError"));

    assertThat(requests)
        .hasSize(PROCESSES * REQUESTS)
        .allMatch(request -> request.status.equals("signed"));
    assertThat(log).anyMatch(event -> event.name().equals("secret not read"));
  }

  /**
   * @param rotatedFor how long the rotation had been over when the request began, by the process's
   *     clock; null: it was not over
   */
  private record Request(String message, String status, @Nullable Duration rotatedFor) {

    boolean isAfterTheRotation() {
      return rotatedFor != null && rotatedFor.compareTo(TIME_OF_A_ROTATION) >= 0;
    }
  }

  /** Runs all processes, and the rotation once each of them is under load. */
  private List<Request> rotate(Runnable rotation) throws Exception {
    try (var threads = Executors.newFixedThreadPool(PROCESSES)) {
      List<Future<List<Request>>> processes =
          IntStream.range(0, PROCESSES)
              .mapToObj(process -> threads.submit(() -> new Process(process).run()))
              .toList();
      underLoad.await();
      rotation.run();
      rotated = true;
      var requests = new ArrayList<Request>();
      for (Future<List<Request>> process : processes) {
        requests.addAll(process.get());
      }
      return requests;
    }
  }

  /** Handles one request at a time, as Lambda's processes do. */
  private final class Process {

    private final int number;
    private final JumpingTime time = new JumpingTime();
    private final LambdaFunction function;
    private @Nullable Instant rotatedAt;

    Process(int number) {
      this.number = number;
      var handler =
          new SignHandler(
              ServiceFactory.create(config(), AwsClients.of(secrets.url(), null), time, log::add));
      function = new LambdaFunction("SignFunction", handler, Duration.ofSeconds(5));
      // The first requests load classes, which may take longer than a response may.
      for (int i = 0; i < 20 && !sign("warm-up", OLD_CLIENT).equals("signed"); i++) {
        time.jump(Duration.ofSeconds(1));
      }
    }

    List<Request> run() {
      var requests = new ArrayList<Request>();
      for (int i = 0; i < REQUESTS; i++) {
        if (i == REQUESTS / 4) {
          underLoad.countDown();
        }
        time.jump(BETWEEN_REQUESTS);
        if (rotated && rotatedAt == null) {
          rotatedAt = time.instant();
        }
        Duration since = rotatedAt == null ? null : Duration.between(rotatedAt, time.instant());
        var request = new Request(number + "-" + i, "", since);
        String key = request.isAfterTheRotation() ? clientKeyAfterwards : OLD_CLIENT;
        requests.add(new Request(request.message, sign(request.message, key), since));
      }
      return requests;
    }

    private String sign(String message, String clientKey) {
      JsonNode answer =
          function.invoke(
              Json.writeAscii(
                  Map.of(
                      "rawQueryString",
                      "message=" + message,
                      "headers",
                      Map.of("x-api-key", clientKey))));
      return answer.path("headers").path("X-Sign-Status").asText();
    }
  }

  private Config config() {
    var settings = new HashMap<String, String>();
    settings.put("CRYPTO_CLIENT_BASE_URL", upstream.baseUrl());
    settings.put("CRYPTO_CLIENT_API_KEY", "");
    settings.put("CRYPTO_CLIENT_API_KEY_ARN", UPSTREAM_KEY);
    settings.put("CLIENT_API_KEYS_ARN", CLIENT_KEYS);
    settings.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
    return TestEnvironment.config(settings);
  }

  private void acceptAtTheUpstream(String key) {
    upstream.stubFor(
        get(urlPathEqualTo("/crypto/sign"))
            .withHeader("Authorization", equalTo(key))
            .willReturn(ok("signature").withHeader("Content-Type", "text/plain")));
  }

  private Map<String, String> keysByMessage() {
    var keys = new HashMap<String, String>();
    upstream
        .getAllServeEvents()
        .forEach(
            event -> {
              LoggedRequest call = event.getRequest();
              keys.put(
                  call.queryParameter("message").firstValue(), call.getHeader("Authorization"));
            });
    return keys;
  }
}
