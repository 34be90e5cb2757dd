package dev.signrelay.deployment;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.local.Template;
import dev.signrelay.testing.FakeServices;
import dev.signrelay.testing.LogAssertions;
import dev.signrelay.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Runs the Python code of the deployment check. A stand-in for boto3 prints the calls and returns
 * what a test says that the new versions answer.
 */
final class DeploymentCheckIT {

  private static final String BOTO3 =
      """
      import io, json, os, sys, types

      sys.modules["botocore.config"] = types.SimpleNamespace(Config=dict)
      calls = {}

      class Client:
          def invoke(self, FunctionName, Payload):
              print(json.dumps({"invoked": FunctionName, "payload": json.loads(Payload)}))
              call = calls[FunctionName] = calls.get(FunctionName, -1) + 1
              answers = os.environ["ANSWER_OF_" + FunctionName].split(" then ")
              answer = answers[min(call, len(answers) - 1)]
              reply = {"Payload": io.BytesIO(answer.encode())}
              if "errorMessage" in answer:
                  reply["FunctionError"] = "Unhandled"
              return reply

          def put_lifecycle_event_hook_execution_status(self, **arguments):
              print(json.dumps({"reported": arguments}))

      def client(service, config=None):
          assert service in ("lambda", "codedeploy")
          if service == "lambda":
              print(json.dumps({"config": config}))
          return Client()
      """;

  private static final String RUN =
      """
      import index, json
      index.time.sleep = lambda seconds: print(json.dumps({"slept": seconds}))
      try:
          index.handler({"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "e-1"}, None)
      except Exception as e:
          print('{"failed": true}')
      """;

  private static final String REFUSED = "{\"statusCode\":400}";
  private static final String PROCESSED = "{\"batchItemFailures\":[]}";

  @TempDir Path directory;

  @BeforeAll
  static void requirePython() {
    assumeTrue(Program.isInstalled("python3"), "skipped: python3 is not installed");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "`{\"statusCode\":400}`, `{\"batchItemFailures\":[]}`, Succeeded",
        "`{\"statusCode\":401}`, `{\"batchItemFailures\":[]}`, Succeeded",
        "`{\"statusCode\":503}`, `{\"batchItemFailures\":[]}`, Failed",
        "`{\"statusCode\":200}`, `{\"batchItemFailures\":[]}`, Failed",
        "`{\"statusCode\":400}`, `{\"batchItemFailures\":[{\"itemIdentifier\":\"1\"}]}`, Failed",
        "`{\"statusCode\":400}`, `{\"errorMessage\":\"Invalid configuration\"}`, Failed",
        "`{\"errorMessage\":\"Invalid configuration\"}`, `{\"batchItemFailures\":[]}`, Failed",
        "null, `{\"batchItemFailures\":[]}`, Failed",
        "not json, `{\"batchItemFailures\":[]}`, Failed",
        "`not json then {\"statusCode\":503} then {\"statusCode\":400}`, `{\"batchItemFailures\":[]}`, Succeeded"
      })
  void theDeploymentSucceedsOnlyIfBothVersionsAnswerAsExpected(
      String sign, String retry, String status) throws Exception {
    assertThat(run(sign, retry))
        .filteredOn(line -> line.has("reported"))
        .singleElement()
        .satisfies(
            line -> {
              JsonNode reported = line.path("reported");
              assertThat(reported.path("deploymentId").asText()).isEqualTo("d-1");
              assertThat(reported.path("lifecycleEventHookExecutionId").asText()).isEqualTo("e-1");
              assertThat(reported.path("status").asText()).isEqualTo(status);
            });
  }

  @Test
  void theRequestIsRefusedByTheRealFunctionWithoutACallAndTheBatchIsEmpty() throws Exception {
    List<JsonNode> lines = run(REFUSED, PROCESSED);
    JsonNode request = invoked("sign-1", lines).getFirst().path("payload");
    var fakes = new FakeServices();

    assertThat(fakes.answer(request).path("statusCode").intValue()).isEqualTo(400);
    assertThat(fakes.signed).isEmpty();
    assertThat(invoked("retry-1", lines).getFirst().path("payload"))
        .hasToString("{\"Records\":[]}");
  }

  @Test
  void aVersionHasThreeTriesTwoSecondsApart() throws Exception {
    List<JsonNode> lines = run(REFUSED, "not json then {\"statusCode\":500}");

    assertThat(invoked("sign-1", lines)).hasSize(1);
    assertThat(invoked("retry-1", lines)).hasSize(3);
    assertThat(lines)
        .filteredOn(line -> line.has("slept"))
        .extracting(JsonNode::toString)
        .containsExactly("{\"slept\":2}", "{\"slept\":2}");
  }

  /** Otherwise Lambda would end the check before it could report. */
  @Test
  void allTriesTogetherEndBeforeTheTimeoutOfTheCheck() throws Exception {
    JsonNode config =
        run(REFUSED, PROCESSED).stream()
            .filter(line -> line.has("config"))
            .findFirst()
            .orElseThrow()
            .path("config");
    int call = config.path("connect_timeout").intValue() + config.path("read_timeout").intValue();
    int check = 3 * call + 2 * 2;

    assertThat(config.path("read_timeout").intValue()).isPositive();
    assertThat(config.path("retries")).hasToString("{\"total_max_attempts\":1}");
    assertThat(Template.read().properties("DeploymentCheckFunction").get("Timeout"))
        .isInstanceOfSatisfying(
            Integer.class, timeout -> assertThat(2 * check + 5).isLessThan(timeout));
  }

  private static List<JsonNode> invoked(String version, List<JsonNode> lines) {
    return lines.stream().filter(line -> line.path("invoked").asText().equals(version)).toList();
  }

  private List<JsonNode> run(String sign, String retry) throws Exception {
    Files.writeString(directory.resolve("index.py"), code());
    Files.writeString(directory.resolve("boto3.py"), BOTO3);
    Path output = directory.resolve("output");
    Path errors = directory.resolve("errors");
    var builder =
        new ProcessBuilder("python3", "-c", RUN)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().put("SIGN_VERSION", "sign-1");
    builder.environment().put("RETRY_VERSION", "retry-1");
    builder.environment().put("ANSWER_OF_sign-1", sign);
    builder.environment().put("ANSWER_OF_retry-1", retry);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
    assertThat(process.exitValue()).as(Files.readString(errors)).isZero();
    return lines(output);
  }

  private static List<JsonNode> lines(Path output) throws IOException {
    return Files.readAllLines(output).stream().map(LogAssertions::json).toList();
  }

  private static String code() {
    Object code = Template.read().properties("DeploymentCheckFunction").get("Code");
    return (String) map(code).get("ZipFile");
  }
}
