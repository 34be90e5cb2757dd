package dev.signrelay.deployment;

import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.serviceUnavailable;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.app.Services;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.json.Json;
import dev.signrelay.local.Template;
import dev.signrelay.testing.EmbeddedMetricFormat;
import dev.signrelay.testing.HeapHistogram;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.OpenSockets;
import dev.signrelay.testing.lambda.PackagedFunctions;
import dev.signrelay.testing.lambda.RecordingBackends;
import dev.signrelay.testing.lambda.RuntimeApi;
import dev.signrelay.testing.lambda.RuntimeApi.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The functions, packaged as by {@code sam build}, run by Lambda's runtime client with the JSON log
 * format. Their output is in {@code target/lambda}.
 */
@EnabledIf(
    value = "dev.signrelay.testing.lambda.RuntimeClient#runsHere",
    disabledReason = "Lambda's client requires Linux with glibc, on x86-64 or arm64")
@Order(2)
final class LambdaRuntimeIT {

  private static final Map<String, String> NO_LIMIT =
      Map.of("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");

  /** The first requests may miss their deadline, because the process has just started. */
  private static final int MAX_REQUESTS = 20;

  private static RecordingBackends backends;
  private static PackagedFunctions functions;

  @BeforeAll
  static void start() throws IOException {
    backends = new RecordingBackends();
    functions = new PackagedFunctions(backends);
  }

  @AfterAll
  static void stop() {
    backends.close();
  }

  @BeforeEach
  void resetBackends() {
    backends.reset();
  }

  @Test
  void aRequestIsSigned() throws Exception {
    try (var process = functions.start("SignFunction", Start.ON_DEMAND, NO_LIMIT)) {
      assertThat(signed(process).path("body").asText())
          .isEqualTo("{\"success\":true,\"data\":\"signature\"}");
      requireMetrics(process);
    }
  }

  @Test
  void allJobsOfABatchAreQueuedForTheirNextStep() throws Exception {
    backends
        .upstream()
        .stubFor(
            get(urlPathEqualTo("/crypto/sign"))
                .withQueryParam("message", equalTo("grüße 🌍"))
                .willReturn(serviceUnavailable()));

    try (var process = functions.start("RetryFunction", Start.ON_DEMAND, NO_LIMIT)) {
      assertThat(invoke(process, "retry-needs-signature").path("batchItemFailures")).isEmpty();
      requireMetrics(process);
    }

    backends.receiver().verify(0, postRequestedFor(anyUrl()));
    assertThat(backends.queuedJobs()).isEqualTo(2);
  }

  @Night
  @ParameterizedTest
  @CsvSource({"SignFunction, sign", "RetryFunction, retry-needs-signature"})
  void manyInvocationsLeaveNothingInMemory(String function, String event) throws Exception {
    try (var process = functions.start(function, Start.ON_DEMAND, NO_LIMIT)) {
      for (int i = 0; i < MAX_REQUESTS; i++) {
        invoke(process, event);
      }
      HeapHistogram before = HeapHistogram.of(process.pid());
      for (int i = 0; i < 10 * MAX_REQUESTS; i++) {
        invoke(process, event);
      }

      assertThat(HeapHistogram.of(process.pid()).growthSince(before))
          .allSatisfy((name, more) -> assertThat(more).as(name).isLessThan(MAX_REQUESTS));
    }
  }

  @Test
  void aJobInLineIsCalledAndItsSignatureQueued() throws Exception {
    backends.joinLine(
        NeedsSignature.first(
            new Acceptance("job-1", URI.create("https://receiver.example"), Instant.now()),
            "hello"));

    try (var process = functions.start("DispatchFunction", Start.ON_DEMAND, NO_LIMIT)) {
      assertThat(invoke(process, "dispatch").path("dispatched").intValue()).isOne();
      requireMetrics(process);
    }

    backends
        .upstream()
        .verify(
            getRequestedFor(urlPathEqualTo("/crypto/sign"))
                .withQueryParam("message", equalTo("hello")));
    assertThat(backends.jobsInLine()).isZero();
    assertThat(backends.queuedJobs()).isOne();
  }

  /** The limit is enabled, so that all clients are primed. */
  @ParameterizedTest
  @CsvSource({
    "SignFunction, sign",
    "RetryFunction, retry-needs-signature",
    "DispatchFunction, dispatch"
  })
  void theSnapshotHasUnusedServicesAndAfterTheRestoreCallsHaveFreshCredentials(
      String function, String event) throws Exception {
    try (var process = functions.start(function, Start.SNAP_START, Map.of())) {
      process.api().awaitSnapshotReady();
      assertThat(backends.requests()).isEmpty();
      // It collects all garbage, which closes sockets that nothing refers to any more.
      var _ = HeapHistogram.of(process.pid());
      // Threads of priming's server and of calls that it abandoned close the others.
      await("the end of the connections of priming")
          .atMost(30, SECONDS)
          .untilAsserted(
              () ->
                  assertThat(OpenSockets.remotePorts(process.pid()))
                      .containsOnly(process.api().port()));
      HeapHistogram snapshot = HeapHistogram.of(process.pid());
      assertThat(snapshot.instances(Services.class)).isOne();
      assertThat(process.api().credentialReads()).isZero();

      process.api().restore();
      process.api().awaitEventRequest();
      assertThat(backends.requests()).isEmpty();
      assertThat(process.api().credentialReads()).isZero();

      for (int i = 0; i < MAX_REQUESTS && backends.requests().isEmpty(); i++) {
        process.api().invoke(() -> event(event));
        process.api().awaitReply();
      }
      assertThat(backends.requests())
          .isNotEmpty()
          .allSatisfy(
              request ->
                  assertThat(request.getHeader("Authorization"))
                      .contains("Credential=" + RuntimeApi.ACCESS_KEY));
      assertThat(process.printed()).doesNotContain("priming failed");
    }
  }

  @Night
  @Test
  void inTheSnapshotTheSdksProvidersAreLoadedAndCompiledMethodsNeedNoCheck() throws Exception {
    Path log = Files.createTempFile("jvm", ".log");
    var settings = new HashMap<>(NO_LIMIT);
    Object options = Template.read().environment().get("JAVA_TOOL_OPTIONS");
    settings.put("JAVA_TOOL_OPTIONS", options + " -Xlog:gc,class+load:file=" + log);
    try (var process = functions.start("RetryFunction", Start.SNAP_START, settings)) {
      process.api().awaitSnapshotReady();
      int before = Files.readAllLines(log).size();
      assertThat(log).content().contains("Using Serial").doesNotContain("System.gc()");

      process.api().restore();
      invoke(process, "retry-needs-signature");

      assertThat(backends.queuedJobs()).isPositive();
      List<String> all = Files.readAllLines(log);
      for (String provider : List.of("ContainerCredentialsProvider", "AwsClientEndpointProvider")) {
        assertThat(all.subList(0, before)).anyMatch(line -> line.contains("." + provider + " "));
        assertThat(all.subList(before, all.size()))
            .noneMatch(line -> line.contains(provider + " "));
      }
    } finally {
      Files.delete(log);
    }
  }

  @Test
  void anInvalidConfigurationIsReportedAndPrintedAndSignFunctionDoesNotStart() throws Exception {
    requireNoStart("SignFunction", Start.SNAP_START);
  }

  @Night
  @ParameterizedTest
  @CsvSource({
    "SignFunction, ON_DEMAND",
    "RetryFunction, ON_DEMAND",
    "RetryFunction, SNAP_START",
    "DispatchFunction, ON_DEMAND",
    "DispatchFunction, SNAP_START"
  })
  void anInvalidConfigurationIsReportedAndPrintedAndTheFunctionDoesNotStart(
      String function, Start start) throws Exception {
    requireNoStart(function, start);
  }

  private static void requireNoStart(String function, Start start) throws Exception {
    var wrong = Map.of("RETRY_MAX_ATTEMPTS", "0", "CALLBACK_ENABLED", "perhaps");
    try (var process = functions.start(function, start, wrong)) {
      Failure failure = process.api().awaitFailure();

      assertThat(failure.call()).isEqualTo("init/error");
      assertThat(Json.read(failure.body()).path("errorMessage").asText()).contains(wrong.keySet());
      assertThat(process.awaitExit()).isNotZero();
      assertThat(process.printed()).contains(wrong.keySet());
      assertThat(lines(process)).isNotEmpty();
    }
  }

  /** Such an event is answered, or Lambda's client reports and logs it itself. */
  @Night
  @ParameterizedTest
  @ValueSource(strings = {"SignFunction", "RetryFunction", "DispatchFunction"})
  void anEventThatIsNotJsonIsLoggedAsJson(String function) throws Exception {
    try (var process = functions.start(function, Start.ON_DEMAND, NO_LIMIT)) {
      process.api().invoke(() -> "no event\n{".getBytes(StandardCharsets.UTF_8));

      await("a line of the log")
          .atMost(60, SECONDS)
          .untilAsserted(() -> assertThat(lines(process)).isNotEmpty());
    }
  }

  private static void requireMetrics(FunctionProcess process) throws IOException {
    assertThat(lines(process))
        .filteredOn(EmbeddedMetricFormat::claims)
        .isNotEmpty()
        .allSatisfy(line -> assertThat(EmbeddedMetricFormat.violations(line)).isEmpty());
  }

  /** All lines of standard output, each of which has to be one JSON object. */
  private static List<JsonNode> lines(FunctionProcess process) throws IOException {
    List<JsonNode> lines = process.log().stream().map(LogAssertions::json).toList();
    assertThat(lines).allMatch(JsonNode::isObject);
    return lines;
  }

  private static JsonNode signed(FunctionProcess process) throws Exception {
    for (int i = 0; i < MAX_REQUESTS; i++) {
      JsonNode answer = invoke(process, "sign");
      assertThat(answer.path("statusCode").intValue()).isEqualTo(200);
      if (answer.path("headers").path("X-Sign-Status").asText().equals("signed")) {
        return answer;
      }
    }
    throw new AssertionError(
        "not signed after " + MAX_REQUESTS + " requests: " + process.printed());
  }

  private static JsonNode invoke(FunctionProcess process, String event) throws Exception {
    return Json.read(process.invoke(() -> event(event)).reply().text());
  }

  private static byte[] event(String name) {
    try {
      return Files.readString(Path.of("events", name + ".json"))
          .replace("http://host.docker.internal:3200", backends.receiver().baseUrl())
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
