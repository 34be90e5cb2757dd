package dev.signrelay.deployment;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.serviceUnavailable;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.testing.EmbeddedMetricFormat;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.PackagedFunctions;
import dev.signrelay.testing.lambda.RecordingBackends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the functions print under Lambda's runtime client with the JSON log format: each line of
 * standard output is one JSON object, and those with metrics are in their format.
 */
@EnabledIf(
    value = "dev.signrelay.testing.lambda.RuntimeClient#runsHere",
    disabledReason = "Lambda's client requires Linux with glibc, on x86-64 or arm64")
final class LambdaLogIT {

  private static RecordingBackends backends;
  private static PackagedFunctions functions;

  @BeforeAll
  static void start() throws IOException {
    Path parent = Files.createDirectories(Path.of("target/lambda"));
    backends = new RecordingBackends();
    functions =
        new PackagedFunctions(backends.template(), Files.createTempDirectory(parent, "log"));
  }

  @AfterAll
  static void stop() {
    backends.close();
  }

  @Test
  void everyInvocationOfRetryFunctionLogsJsonAndMetrics() throws Exception {
    requireJsonAndMetrics(
        "RetryFunction", "retry-needs-signature retry-needs-callback retry-poison");
  }

  @Night
  @ParameterizedTest
  @CsvSource({
    "SignFunction, sign sign-with-callback sign-bad-request",
    "DispatchFunction, dispatch"
  })
  void everyInvocationOfTheOtherFunctionsLogsJsonAndMetrics(String function, String events)
      throws Exception {
    requireJsonAndMetrics(function, events);
  }

  private static void requireJsonAndMetrics(String function, String events) throws Exception {
    backends.receiver().stubFor(post("/inbox").willReturn(ok()));
    try (var process = start(function, Start.SNAP_START, Map.of())) {
      process.api().restore();
      for (boolean isUp : new boolean[] {true, false}) {
        backends
            .upstream()
            .stubFor(
                get(urlPathEqualTo("/crypto/sign"))
                    .willReturn(isUp ? ok("signature") : serviceUnavailable()));
        for (String event : events.split(" ")) {
          process.invoke(() -> event(event));
        }
      }

      assertThat(lines(process))
          .filteredOn(EmbeddedMetricFormat::claims)
          .hasSizeGreaterThanOrEqualTo(2 * events.split(" ").length)
          .allSatisfy(line -> assertThat(EmbeddedMetricFormat.violations(line)).isEmpty());
    }
  }

  @Test
  void aFunctionThatDoesNotStartLogsJson() throws Exception {
    requireJsonWithoutAStart(Start.ON_DEMAND);
  }

  @Night
  @Test
  void aFunctionThatDoesNotStartForItsSnapshotLogsJson() throws Exception {
    requireJsonWithoutAStart(Start.SNAP_START);
  }

  private static void requireJsonWithoutAStart(Start start) throws Exception {
    try (var process = start("SignFunction", start, Map.of("RETRY_MAX_ATTEMPTS", "0"))) {
      process.api().awaitFailure();
      process.awaitExit();

      assertThat(lines(process)).isNotEmpty();
    }
  }

  /** Such an event is answered, or Lambda's client reports and logs it itself. */
  @Night
  @ParameterizedTest
  @ValueSource(strings = {"SignFunction", "RetryFunction", "DispatchFunction"})
  void anEventThatIsNotJsonIsLoggedAsJson(String function) throws Exception {
    try (var process = start(function, Start.ON_DEMAND, Map.of())) {
      process.api().invoke(() -> "no event\n{".getBytes(StandardCharsets.UTF_8));

      await("a line of the log")
          .atMost(60, SECONDS)
          .untilAsserted(() -> assertThat(lines(process)).isNotEmpty());
    }
  }

  private static FunctionProcess start(String name, Start start, Map<String, String> settings)
      throws IOException {
    var environment = new HashMap<>(backends.environment());
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
    environment.putAll(settings);
    return functions.start(name, start, environment);
  }

  /** All lines, each of which has to be one JSON object. */
  private static List<JsonNode> lines(FunctionProcess process) throws IOException {
    List<JsonNode> lines = process.log().stream().map(LogAssertions::json).toList();
    assertThat(lines).allMatch(JsonNode::isObject);
    return lines;
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
