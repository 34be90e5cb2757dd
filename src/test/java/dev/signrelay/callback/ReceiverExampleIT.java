package dev.signrelay.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The receiver without a library that the README shows, on what SignRelay signs. */
final class ReceiverExampleIT {

  private static final String OLD = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NEW = "whsec_bmV3LXNlY3JldC1vZi0yNC1ieXRlcyEh";
  private static final String STRANGE = "whsec_c3RyYW5nZS1zZWNyZXQtb2YtMjYtYnl0ZXM=";
  private static final String BODY = "{\"success\":true,\"data\":\"größe 🔑\"}";
  private static final long NOW = Instant.now().getEpochSecond();

  private final ArrayNode callbacks = Json.object().putArray("callbacks");

  @Test
  void itTellsAGenuineCallbackFromAllOthers() throws Exception {
    callback(OLD, BODY);
    callback(NEW, BODY);
    callback(STRANGE, BODY);
    callback(NEW, BODY + " ");
    callback(NEW, BODY).put("webhook-id", "job-2");
    callback(NEW, BODY).put("webhook-timestamp", Long.toString(NOW - 1));
    headers(NEW, BODY, NOW - 400);
    headers(NEW, BODY, NOW + 400);

    assertThat(judged())
        .containsExactly("True", "True", "False", "False", "False", "False", "False", "False");
  }

  @Test
  void whatIsNotEvenInTheRightFormIsNotGenuineEither() throws Exception {
    for (String header : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
      callback(NEW, BODY).remove(header);
      callback(NEW, BODY).put(header, "é, v1,");
    }
    callback(NEW, BODY).put("webhook-timestamp", "9".repeat(5_000));
    callback(NEW, BODY).put("webhook-signature", "");

    assertThat(judged()).hasSize(8).containsOnly("False");
  }

  /** Of now. */
  private ObjectNode callback(String secret, String body) {
    return headers(secret, body, NOW);
  }

  /**
   * Signed over {@link #BODY} with the old secret and the new one.
   *
   * @param secret the receiver's
   * @param body what the receiver gets
   */
  private ObjectNode headers(String secret, String body, long timestamp) {
    String time = Long.toString(timestamp);
    String signatures =
        WebhookSecrets.parse(NEW + " " + OLD)
            .orElseThrow()
            .sign("job-1", time, BODY.getBytes(StandardCharsets.UTF_8))
            .orElseThrow();
    return callbacks
        .addObject()
        .put("secret", secret)
        .put("body", body)
        .putObject("headers")
        .put("webhook-id", "job-1")
        .put("webhook-timestamp", time)
        .put("webhook-signature", signatures);
  }

  private List<String> judged() throws Exception {
    String program =
        """
        import json, sys
        %s
        for c in json.load(sys.stdin):
            print(is_genuine(c["secret"], c["headers"], c["body"].encode()))
        """
            .formatted(example());
    Process python = python(program);
    try (var input = python.outputWriter(StandardCharsets.UTF_8)) {
      input.write(Json.writeAscii(callbacks));
    }
    return python.inputReader(StandardCharsets.UTF_8).readAllLines();
  }

  private static String example() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    String fromItsBegin = readme.substring(readme.indexOf("```python\nimport base64") + 10);
    return fromItsBegin.substring(0, fromItsBegin.indexOf("```"));
  }

  private static Process python(String program) throws IOException, InterruptedException {
    assumeThat(exists("python3")).as("python3 is installed").isTrue();
    return new ProcessBuilder("python3", "-c", program).redirectErrorStream(true).start();
  }

  private static boolean exists(String command) throws InterruptedException {
    try {
      return new ProcessBuilder(command, "--version").start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
