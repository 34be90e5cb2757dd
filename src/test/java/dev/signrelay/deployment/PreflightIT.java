package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signrelay.local.Template;
import dev.signrelay.testing.Program;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs deploy/preflight.sh with stand-ins for the AWS CLI and the SAM CLI. */
final class PreflightIT {

  private static final String ENOUGH_CODE = "80530636800\t1000";

  /** Answers only the one request, whose names are those of the API (GetAccountSettings). */
  private static final String AWS =
      """
      #!/bin/sh
      [ "$1 $2" = "lambda get-account-settings" ] || exit 2
      case "$*" in
        *"[AccountLimit.UnreservedConcurrentExecutions, AccountLimit.TotalCodeSize,\
       AccountUsage.TotalCodeSize]"*) printf '%s\\n' "$ACCOUNT" ;;
        *) exit 2 ;;
      esac
      """;

  private static final String SAM = "#!/bin/sh\necho \"SAM CLI, version $SAM_VERSION\"\n";

  private record Result(int exitCode, List<String> lines) {
    List<String> problems() {
      return lines.stream().filter(line -> line.startsWith("PROBLEM")).toList();
    }
  }

  @TempDir Path directory;

  @BeforeAll
  static void requireBash() {
    assumeTrue(Program.isInstalled("bash"), "skipped: bash is not installed");
  }

  @Test
  void anAccountWithTheDefaultQuotasIsReady() throws Exception {
    Result result = run("1.146.0", "1000\t" + ENOUGH_CODE);

    assertThat(result.exitCode()).isZero();
    assertThat(result.lines()).last().isEqualTo("Ready.");
  }

  @ParameterizedTest
  @CsvSource({"1.99.0, true", "1.145.9, true", "1.146.0, false", "1.164.0, false", "2.0, false"})
  void anOlderSamCliIsAProblem(String version, boolean problem) throws Exception {
    assertThat(run(version, "1000\t" + ENOUGH_CODE).problems()).hasSize(problem ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"142, true", "143, false", "10, true"})
  void lessConcurrencyThanTheStackCanUseIsAProblem(int quota, boolean problem) throws Exception {
    Result result = run("1.164.0", quota + "\t" + ENOUGH_CODE);

    assertThat(result.problems()).hasSize(problem ? 1 : 0);
    assertThat(result.exitCode()).isEqualTo(problem ? 1 : 0);
  }

  @Test
  void otherParametersNeedMore() throws Exception {
    assertThat(
            run(
                    "1.164.0",
                    "1000\t" + ENOUGH_CODE,
                    "RetryMaximumConcurrency=400",
                    "ApiRateLimit=100")
                .problems())
        .singleElement()
        .asString()
        .contains("1000, at least 1003 needed");
  }

  @ParameterizedTest
  @CsvSource({
    "https://signer.example, false, false",
    "http://signer.example, false, true",
    "HTTP://signer.example, false, true",
    "http://signer.example, true, false",
    "signer.example, true, true",
  })
  void anUpstreamWithoutTlsIsAProblemUnlessItIsAllowed(String url, String allow, boolean problem)
      throws Exception {
    Result result =
        run(
            "1.164.0",
            "1000\t" + ENOUGH_CODE,
            "CryptoClientBaseUrl=" + url,
            "AllowPlainHttpUpstream=" + allow);

    assertThat(result.problems()).hasSize(problem ? 1 : 0);
    assertThat(result.exitCode()).isEqualTo(problem ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"20, 10, false", "20, 10.001, true", "30, 20.5, true", "120, 60, false"})
  void aFunctionThatEndsBeforeItsCallsIsAProblem(String function, String call, boolean problem)
      throws Exception {
    for (String timeout : List.of("CryptoClientRetryTimeoutSeconds", "CallbackTimeoutSeconds")) {
      assertThat(
              run(
                      "1.164.0",
                      "1000\t" + ENOUGH_CODE,
                      "RetryTimeoutSeconds=" + function,
                      timeout + "=" + call)
                  .problems())
          .hasSize(problem ? 1 : 0)
          .allSatisfy(line -> assertThat(line).contains("RetryTimeoutSeconds: " + function));
    }
  }

  @Test
  void whatIsNoParameterIsRefused() throws Exception {
    assertThat(run("1.164.0", "1000\t" + ENOUGH_CODE, "400").exitCode()).isEqualTo(2);
  }

  @Test
  void littleSpaceForCodeIsAProblem() throws Exception {
    assertThat(run("1.164.0", "1000\t104857600\t1").problems())
        .singleElement()
        .asString()
        .contains("99, at least 100 needed");
  }

  @Test
  void theDefaultsAreThoseOfTheTemplate() throws Exception {
    Map<String, Object> parameters = map(Template.read().root().get("Parameters"));

    assertThat(Files.readString(Path.of("deploy/preflight.sh")))
        .contains(
            "retry_concurrency=" + byDefault(parameters, "RetryMaximumConcurrency") + "\n",
            "api_rate=" + byDefault(parameters, "ApiRateLimit") + "\n",
            "retry_timeout=" + byDefault(parameters, "RetryTimeoutSeconds") + "\n",
            "upstream_timeout=" + byDefault(parameters, "CryptoClientRetryTimeoutSeconds") + "\n",
            "callback_timeout=" + byDefault(parameters, "CallbackTimeoutSeconds") + "\n",
            "allow_plain_http=" + byDefault(parameters, "AllowPlainHttpUpstream") + "\n");
  }

  private static Object byDefault(Map<String, Object> parameters, String name) {
    return map(parameters.get(name)).get("Default");
  }

  private Result run(String samVersion, String account, String... arguments) throws Exception {
    program("aws", AWS);
    program("sam", SAM);
    Path output = directory.resolve("output");
    var command = new ArrayList<>(List.of("bash", "deploy/preflight.sh"));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .merge("PATH", directory.toString(), (path, ours) -> ours + File.pathSeparator + path);
    builder.environment().put("SAM_VERSION", samVersion);
    builder.environment().put("ACCOUNT", account);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
    return new Result(process.exitValue(), Files.readAllLines(output));
  }

  private void program(String name, String script) throws Exception {
    Path file = Files.writeString(directory.resolve(name), script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
