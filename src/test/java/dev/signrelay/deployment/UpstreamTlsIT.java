package dev.signrelay.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.testing.ChildJvm;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.Night;
import dev.signrelay.testing.http.LocalTls;
import dev.signrelay.testing.http.OneTlsVersionMain;
import dev.signrelay.testing.lambda.FunctionProcess;
import dev.signrelay.testing.lambda.FunctionProcess.Start;
import dev.signrelay.testing.lambda.PackagedFunctions;
import dev.signrelay.testing.lambda.RecordingBackends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SignFunction, run by Lambda's runtime client, calls upstreams that offer one version of TLS. */
@EnabledIf(
    value = "dev.signrelay.testing.lambda.RuntimeClient#runsHere",
    disabledReason = "Lambda's client requires Linux with glibc, on x86-64 or arm64")
@Night
final class UpstreamTlsIT {

  /** The first requests may miss their deadline, because the process has just started. */
  private static final int MAX_REQUESTS = 20;

  private static Path folder;
  private static RecordingBackends backends;
  private static PackagedFunctions functions;

  @BeforeAll
  static void start() throws IOException {
    folder = Files.createTempDirectory(Files.createDirectories(Path.of("target/lambda")), "tls");
    backends = new RecordingBackends();
    functions = new PackagedFunctions(backends.template(), folder);
  }

  @AfterAll
  static void stop() {
    backends.close();
  }

  @ParameterizedTest
  @CsvSource({"TLSv1, tls", "TLSv1.1, tls", "TLSv1.2, signed", "TLSv1.3, signed"})
  void onlyAnUpstreamWithACurrentVersionOfTlsIsCalled(String version, String outcome)
      throws Exception {
    int port = ChildJvm.freePort();
    try (var upstream = upstream(version, port);
        var process = functions.start("SignFunction", Start.ON_DEMAND, environment(port))) {
      upstream.awaitReady();

      assertThat(firstOutcomeInTime(process)).isEqualTo(outcome);
    }
  }

  private static ChildJvm upstream(String version, int port) throws IOException {
    return new ChildJvm(
        "upstream with " + version,
        OneTlsVersionMain.class,
        port,
        64,
        List.of(Integer.toString(port), version),
        folder.resolve(version + ".log"),
        Map.of());
  }

  private static Map<String, String> environment(int port) {
    var environment = new HashMap<>(backends.environment());
    environment.put("CRYPTO_CLIENT_BASE_URL", "https://localhost:" + port);
    environment.put("CRYPTO_CLIENT_RATE_LIMIT_REQ_PER_MINUTE", "0");
    environment.put("JAVA_TOOL_OPTIONS", LocalTls.trustStore(folder.resolve(port + ".p12")));
    return environment;
  }

  private static String firstOutcomeInTime(FunctionProcess process) throws Exception {
    for (int i = 0; i < MAX_REQUESTS; i++) {
      process.invoke(UpstreamTlsIT::signRequest);
      JsonNode line = LogAssertions.json(process.log().getLast());
      if (!line.path("outcome").asText().equals("timeout")) {
        return line.path("outcome").asText();
      }
    }
    throw new AssertionError("every call timed out: " + process.printed());
  }

  private static byte[] signRequest() {
    try {
      return Files.readAllBytes(Path.of("events/sign.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
