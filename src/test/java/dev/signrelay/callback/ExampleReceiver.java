package dev.signrelay.callback;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A receiver of {@code examples/} in a separate process, with its own port and store. */
final class ExampleReceiver implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String READY = "Listening on ";

  /** The language of the example, with the name of its store and its command. */
  enum Language {
    JAVA("received", java(), "-XX:TieredStopAtLevel=1", "examples/Receiver.java"),
    JAVASCRIPT("received", "node", "examples/receiver.mjs"),
    PYTHON("received.db", "python3", "examples/receiver.py");

    private final String store;
    private final List<String> command;

    Language(String store, String... command) {
      this.store = store;
      this.command = List.of(command);
    }

    private static String java() {
      return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
  }

  private final Language language;
  private final String secret;
  private final Path folder;
  private Path log;
  private @Nullable Process process;

  ExampleReceiver(Language language, String secret) throws IOException {
    this.language = language;
    this.secret = secret;
    this.folder = Files.createDirectories(Path.of("target", "examples", UUID.randomUUID() + ""));
    start();
  }

  private void start() throws IOException {
    log = folder.resolve(UUID.randomUUID() + ".log");
    List<String> command = new ArrayList<>(language.command);
    command.addAll(List.of("0", folder.resolve(language.store).toString()));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("SIGNRELAY_SECRET", secret);
    process = started(builder);
  }

  private static @Nullable Process started(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException _) {
      return null;
    }
  }

  /** Whether the runtime of the language is installed. If it is not, no process was started. */
  boolean isInstalled() {
    return process != null;
  }

  URI url() {
    await(language + " is ready")
        .atMost(TIMEOUT)
        .failFast(() -> !process.isAlive())
        .until(() -> printed().stream().anyMatch(line -> line.startsWith(READY)));
    return URI.create(printed().getFirst().substring(READY.length()));
  }

  /** The output since the last start. */
  List<String> printed() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until the process exits and returns its exit status. */
  int exitStatus() throws InterruptedException {
    return process.waitFor();
  }

  /** Kills the process with SIGKILL and starts it again with the same store. */
  void killAndRestart() throws IOException, InterruptedException {
    process.destroyForcibly().waitFor();
    start();
  }

  /** Reads the signature of a job from the store; null if a failure notice is stored. */
  @Nullable String result(String job) throws Exception {
    return switch (language) {
      case JAVA, JAVASCRIPT -> {
        Path signed = file(job);
        Path stored = Files.exists(signed) ? signed : file(job + "-failed");
        yield Json.read(Files.readString(stored)).path("data").textValue();
      }
      case PYTHON -> row(job).textValue();
    };
  }

  private Path file(String id) {
    return folder.resolve(language.store).resolve(id + ".json");
  }

  private JsonNode row(String job) throws Exception {
    String program =
        """
        import json, sqlite3, sys
        query = "SELECT signature FROM results WHERE job = ?"
        print(json.dumps(*sqlite3.connect(sys.argv[1]).execute(query, [sys.argv[2]]).fetchone()))
        """;
    String database = folder.resolve(language.store).toString();
    Process python =
        new ProcessBuilder(language.command.getFirst(), "-c", program, database, job).start();
    return Json.read(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    if (isInstalled()) {
      process.destroyForcibly();
    }
  }
}
