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

  private record Result(int exitCode, List<String> lines) {}

  @TempDir Path directory;

  @BeforeAll
  static void requireBash() {
    assumeTrue(Program.isInstalled("bash"), "skipped: bash is not installed");
  }

  /** Without a problem, the script says so. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          sam=1.146.0                                                | none
          sam=1.164.0                                                | none
          sam=2.0                                                    | none
          sam=1.145.9                                                | SAM CLI: 1.145.9
          sam=1.99.0                                                 | SAM CLI: 1.99.0
          concurrency=143                                            | none
          concurrency=142                                            | 142, at least 143 needed
          concurrency=10                                             | 10, at least 143 needed
          RetryMaximumConcurrency=400 ApiRateLimit=100               | 1000, at least 1003 needed
          mebibytes=100                                              | none
          mebibytes=99                                               | 99, at least 100 needed
          CryptoClientBaseUrl=https://up.example                     | none
          CryptoClientBaseUrl=http://up.example                      | upstream: http
          CryptoClientBaseUrl=HTTP://up.example                      | upstream: http
          CryptoClientBaseUrl=http://up.example AllowPlainHttpUpstream=true | none
          CryptoClientBaseUrl=up.example AllowPlainHttpUpstream=true | upstream: neither http nor https
          CallbackTimeoutSeconds=10.001                              | RetryTimeoutSeconds: 20
          CryptoClientRetryTimeoutSeconds=10.001                     | RetryTimeoutSeconds: 20
          CallbackTimeoutSeconds=20.5 RetryTimeoutSeconds=30         | RetryTimeoutSeconds: 30
          CallbackTimeoutSeconds=60 RetryTimeoutSeconds=120          | none
          """)
  void whatAnAccountOrTheParametersLackIsAProblem(String given, String problem) throws Exception {
    Result result = run(given);

    List<String> problems =
        result.lines().stream().filter(line -> line.startsWith("PROBLEM")).toList();
    if (problem.equals("none")) {
      assertThat(problems).isEmpty();
      assertThat(result.exitCode()).isZero();
      assertThat(result.lines()).last().isEqualTo("Ready.");
    } else {
      assertThat(problems).singleElement().asString().contains(problem);
      assertThat(result.exitCode()).isOne();
    }
  }

  @Test
  void whatIsNoParameterIsRefused() throws Exception {
    assertThat(run("400").exitCode()).isEqualTo(2);
  }

  @Test
  void theDefaultsAreThoseOfTheTemplate() throws Exception {
    Map<String, Object> parameters = map(Template.read().root().get("Parameters"));
    var variables =
        Map.of(
            "retry_concurrency", "RetryMaximumConcurrency",
            "api_rate", "ApiRateLimit",
            "retry_timeout", "RetryTimeoutSeconds",
            "upstream_timeout", "CryptoClientRetryTimeoutSeconds",
            "callback_timeout", "CallbackTimeoutSeconds",
            "allow_plain_http", "AllowPlainHttpUpstream");
    String script = Files.readString(Path.of("deploy/preflight.sh"));

    variables.forEach(
        (variable, parameter) ->
            assertThat(script)
                .contains(
                    "%s=%s\n".formatted(variable, map(parameters.get(parameter)).get("Default"))));
  }

  /**
   * @param given the version of the SAM CLI, the concurrent executions and the free space for code
   *     of the account, if they are not sufficient by far; other words are arguments of the script
   */
  private Result run(String given) throws Exception {
    String sam = "1.164.0";
    String concurrency = "1000";
    long mebibytes = 76_800;
    var command = new ArrayList<>(List.of("bash", "deploy/preflight.sh"));
    for (String word : given.split(" ")) {
      String value = word.replaceFirst(".*?=", "");
      switch (word.replaceFirst("=.*", "")) {
        case "sam" -> sam = value;
        case "concurrency" -> concurrency = value;
        case "mebibytes" -> mebibytes = Long.parseLong(value);
        default -> command.add(word);
      }
    }
    program("aws", AWS);
    program("sam", SAM);
    Path output = directory.resolve("output");
    var builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectErrorStream(true);
    builder
        .environment()
        .merge("PATH", directory.toString(), (path, ours) -> ours + File.pathSeparator + path);
    builder.environment().put("SAM_VERSION", sam);
    builder
        .environment()
        .put("ACCOUNT", "%s\t%d\t%d".formatted(concurrency, mebibytes * 1_048_576 + 1, 1));
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
    return new Result(process.exitValue(), Files.readAllLines(output));
  }

  private void program(String name, String script) throws Exception {
    Path file = Files.writeString(directory.resolve(name), script);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
