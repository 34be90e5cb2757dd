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
      import io, json, os

      class Client:
          def invoke(self, FunctionName, Payload):
              print(json.dumps({"invoked": FunctionName, "payload": json.loads(Payload)}))
              answer = os.environ["ANSWER_OF_" + FunctionName]
              reply = {"Payload": io.BytesIO(answer.encode())}
              if "errorMessage" in answer:
                  reply["FunctionError"] = "Unhandled"
              return reply

          def put_lifecycle_event_hook_execution_status(self, **arguments):
              print(json.dumps({"reported": arguments}))

      def client(service):
          assert service in ("lambda", "codedeploy")
          return Client()
      """;

  private static final String RUN =
      """
      import index
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
        "not json, `{\"batchItemFailures\":[]}`, Failed"
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
  void theRequestIsRefusedByTheRealFunctionWithoutACall() throws Exception {
    JsonNode invoked = run(REFUSED, PROCESSED).getFirst();
    var fakes = new FakeServices();

    assertThat(invoked.path("invoked").asText()).isEqualTo("sign-1");
    assertThat(fakes.answer(invoked.path("payload")).path("statusCode").intValue()).isEqualTo(400);
    assertThat(fakes.signed).isEmpty();
  }

  @Test
  void theBatchIsEmpty() throws Exception {
    assertThat(run(REFUSED, PROCESSED))
        .filteredOn(line -> line.path("invoked").asText().equals("retry-1"))
        .singleElement()
        .satisfies(line -> assertThat(line.path("payload")).hasToString("{\"Records\":[]}"));
  }

  private List<JsonNode> run(String sign, String retry) throws Exception {
    Files.writeString(directory.resolve("index.py"), code());
    Files.writeString(directory.resolve("boto3.py"), BOTO3);
    Path output = directory.resolve("output");
    var builder =
        new ProcessBuilder("python3", "-c", RUN)
            .directory(directory.toFile())
            .redirectOutput(output.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("SIGN_VERSION", "sign-1");
    builder.environment().put("RETRY_VERSION", "retry-1");
    builder.environment().put("ANSWER_OF_sign-1", sign);
    builder.environment().put("ANSWER_OF_retry-1", retry);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
    assertThat(process.exitValue()).isZero();
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
