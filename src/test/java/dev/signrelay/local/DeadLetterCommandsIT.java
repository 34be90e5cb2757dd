package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.signrelay.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;

/** Runs the commands in docs/operations.md, if the AWS CLI is installed. */
final class DeadLetterCommandsIT extends DeadLettersContract {

  /** Version 1 of the CLI ignores {@code AWS_ENDPOINT_URL_SQS}. */
  private static final String ENDPOINT =
      "aws() { command aws --endpoint-url \"$AWS_ENDPOINT_URL_SQS\" \"$@\"; }\n";

  @BeforeAll
  static void requireTheCli() {
    assumeTrue(Program.isInstalled("aws"), "skipped: the AWS CLI is not installed");
    assumeTrue(Program.isInstalled("bash"), "skipped: bash is not installed");
  }

  @Override
  List<String> list() {
    return run("receive-message", "--visibility-timeout 0")
        .lines()
        .map(line -> line.substring(line.indexOf('\t') + 1)) // without the message id
        .toList();
  }

  @Override
  void redrive() {
    run("start-message-move-task");
  }

  @Override
  void redriveExhausted() {
    run("send-message", "signing-exhausted");
  }

  @Override
  void purge() {
    run("purge-queue");
  }

  /** Runs the only command of the page that contains all words, and returns its output. */
  private String run(String... words) {
    List<String> commands =
        commands().stream()
            .filter(command -> List.of(words).stream().allMatch(command::contains))
            .toList();
    assertThat(commands).as("commands with %s", List.of(words)).hasSize(1);
    try {
      Path output = Files.createTempFile("command", ".out");
      var builder =
          new ProcessBuilder("bash", "-c", ENDPOINT + commands.getFirst())
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().putAll(environment());
      Process process = builder.start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
      assertThat(process.exitValue()).as(commands.getFirst()).isZero();
      return Files.readString(output);
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The code blocks between the lines {@code ```sh} and {@code ```}. */
  private static List<String> commands() {
    try {
      return List.of(Files.readString(Path.of("docs/operations.md")).split("```sh\n")).stream()
          .skip(1)
          .map(rest -> rest.substring(0, rest.indexOf("```")))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Map<String, String> environment() {
    return Map.ofEntries(
        Map.entry("RETRY_QUEUE_URL", queues().retryQueueUrl()),
        Map.entry("RETRY_QUEUE_ARN", arn(queues().retryQueueUrl())),
        Map.entry("DEAD_LETTER_QUEUE_URL", queues().deadLetterQueueUrl()),
        Map.entry("DEAD_LETTER_QUEUE_ARN", arn(queues().deadLetterQueueUrl())),
        Map.entry("AWS_ENDPOINT_URL_SQS", queues().endpoint().toString()),
        Map.entry("AWS_REGION", "us-east-1"),
        Map.entry("AWS_DEFAULT_REGION", "us-east-1"),
        Map.entry("AWS_ACCESS_KEY_ID", "local"),
        Map.entry("AWS_SECRET_ACCESS_KEY", "local"),
        Map.entry("NO_PROXY", "localhost"),
        Map.entry("no_proxy", "localhost"));
  }
}
