package dev.signrelay.deployment;

import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serviceUnavailable;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.app.Services;
import dev.signrelay.json.Json;
import dev.signrelay.testing.SharedResource;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.HeapCount;
import dev.signrelay.testing.lambda.OpenSockets;
import dev.signrelay.testing.lambda.OutsideWorld;
import dev.signrelay.testing.lambda.PackagedFunctions;
import dev.signrelay.testing.lambda.RuntimeApi.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Both functions, packaged as {@code sam build} does, under the client that runs them in Lambda.
 * What they print is in {@code target/lambda}.
 */
@EnabledIf(
    value = "dev.signrelay.testing.lambda.RuntimeClient#runsHere",
    disabledReason = "Lambda's client is for Linux with glibc, on x86-64 and arm64")
@ResourceLock(SharedResource.PROCESSORS)
@Order(4)
final class LambdaRuntimeIT {

  private static final Map<String, String> NO_LIMIT =
      Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");

  /** A start may be too slow for the deadline of its first request. */
  private static final int TRIES = 20;

  private static OutsideWorld world;
  private static PackagedFunctions functions;

  @BeforeAll
  static void start() throws IOException {
    world = new OutsideWorld();
    Path parent = Files.createDirectories(Path.of("target/lambda"));
    functions = new PackagedFunctions(world.template(), Files.createTempDirectory(parent, "run"));
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void theUpstreamSignsAndTheReceiverTakes() {
    world.forget();
    world.upstream().stubFor(get(urlPathEqualTo("/crypto/sign")).willReturn(ok("signature")));
    world.receiver().stubFor(post("/inbox").willReturn(ok()));
  }

  @Test
  void aRequestIsSigned() throws Exception {
    try (var process = function("SignFunction", Start.ON_DEMAND, NO_LIMIT)) {
      assertThat(signed(process).path("body").asText())
          .isEqualTo("{\"success\":true,\"data\":\"signature\"}");
    }
  }

  @Test
  void ofABatchWhatIsSignedIsDeliveredAndWhatIsNotGoesBackToTheQueue() throws Exception {
    world
        .upstream()
        .stubFor(
            get(urlPathEqualTo("/crypto/sign"))
                .withQueryParam("message", equalTo("grüße 🌍"))
                .willReturn(serviceUnavailable()));

    try (var process = function("RetryFunction", Start.ON_DEMAND, NO_LIMIT)) {
      assertThat(invoke(process, "retry-needs-signature").path("batchItemFailures")).isEmpty();
    }

    world
        .receiver()
        .verify(
            postRequestedFor(urlEqualTo("/inbox"))
                .withRequestBody(equalTo("{\"success\":true,\"data\":\"signature\"}")));
    assertThat(world.queuedJobs()).isOne();
  }

  /**
   * With the limit on, so that all clients are rehearsed; nobody can use it, as the table is down.
   */
  @ParameterizedTest
  @CsvSource({"SignFunction, sign", "RetryFunction, retry-needs-signature"})
  void beforeTheRestoreNothingGoesOutAndNothingIsOpenAndThePartsAreMadeByIt(
      String function, String event) throws Exception {
    try (var process = function(function, Start.SNAP_START, Map.of())) {
      process.api().awaitReady();
      assertThat(world.calls()).isEmpty();
      assertThat(OpenSockets.remotePorts(process.pid())).containsOnly(process.api().port());
      assertThat(HeapCount.of(Services.class, process.pid())).isZero();

      process.api().restore();
      process.api().awaitAsked();
      assertThat(HeapCount.of(Services.class, process.pid())).isOne();
      assertThat(world.calls()).isEmpty();

      for (int i = 0; i < TRIES && world.calls().isEmpty(); i++) {
        process.api().invoke(() -> event(event));
        process.api().awaitReply();
      }
      assertThat(world.calls()).isNotEmpty();
      assertThat(process.printed()).doesNotContain("rehearsal failed");
    }
  }

  @Test
  void afterTheirRestoresTwoProcessesSignUnderDifferentIds() throws Exception {
    try (var one = function("SignFunction", Start.SNAP_START, NO_LIMIT);
        var other = function("SignFunction", Start.SNAP_START, NO_LIMIT)) {
      one.api().restore();
      other.api().restore();

      assertThat(id(signed(one))).isNotBlank().isNotEqualTo(id(signed(other)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "SignFunction, ON_DEMAND",
    "SignFunction, SNAP_START",
    "RetryFunction, ON_DEMAND",
    "RetryFunction, SNAP_START"
  })
  void wrongSettingsAreReportedAndPrintedByNameAndTheFunctionDoesNotStart(
      String function, Start start) throws Exception {
    var wrong = Map.of("RETRY_MAX_ATTEMPTS", "0", "CALLBACK_ENABLED", "perhaps");
    try (var process = function(function, start, wrong)) {
      Failure failure = process.api().awaitFailure();

      assertThat(failure.call()).isEqualTo("init/error");
      assertThat(Json.read(failure.told()).path("errorMessage").asText()).contains(wrong.keySet());
      assertThat(process.awaitEnd()).isNotZero();
      assertThat(process.printed()).contains(wrong.keySet());
    }
  }

  private static FunctionProcess function(String name, Start start, Map<String, String> settings)
      throws IOException {
    var environment = new HashMap<>(world.environment());
    environment.putAll(settings);
    return functions.start(name, start, environment);
  }

  private static JsonNode signed(FunctionProcess process) throws Exception {
    for (int i = 0; i < TRIES; i++) {
      JsonNode answer = invoke(process, "sign");
      assertThat(answer.path("statusCode").intValue()).isEqualTo(200);
      if (answer.path("headers").path("X-Sign-Status").asText().equals("signed")) {
        return answer;
      }
    }
    throw new AssertionError("not signed in " + TRIES + " tries: " + process.printed());
  }

  private static JsonNode invoke(FunctionProcess process, String event) throws Exception {
    return Json.read(process.invoke(() -> event(event)).reply().text());
  }

  private static byte[] event(String name) {
    try {
      return Files.readString(Path.of("events", name + ".json"))
          .replace("http://host.docker.internal:3200", world.receiver().baseUrl())
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String id(JsonNode answer) {
    return answer.path("headers").path("X-Request-Id").asText();
  }
}
