package dev.signrelay.callback;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.json.Json;
import dev.signrelay.local.Exchange;
import dev.signrelay.local.LocalServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A receiver of {@code examples/} in a separate process, with its own port and store. */
final class ExampleReceiver implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String READY = "Listening on ";
  private static final String SECRET = "SIGNRELAY_SECRET";

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
  private final @Nullable String secret;
  private final int port;
  private final Path folder;
  private final LocalServer api;
  private Path log;
  private @Nullable Process process;

  /**
   * @param secret null: none is set
   * @param port 0: any free port
   */
  ExampleReceiver(Language language, @Nullable String secret, int port) throws IOException {
    this.language = language;
    this.secret = secret;
    this.port = port;
    this.folder = Files.createDirectories(Path.of("target", "examples", UUID.randomUUID() + ""));
    this.api = new LocalServer("127.0.0.1", 0, ExampleReceiver::accept);
    start();
  }

  /** Answers a request for a signature: its job has the message as its id. */
  private static void accept(Exchange exchange) throws IOException {
    String id = exchange.parameter("message");
    exchange.set("X-Request-Id", id);
    exchange.set("X-Sign-Status", "queued");
    exchange.respond(200, "application/json", "{\"success\":true,\"data\":null}");
  }

  private void start() throws IOException {
    log = folder.resolve(UUID.randomUUID() + ".log");
    List<String> command = new ArrayList<>(language.command);
    command.addAll(
        List.of(port + "", folder.resolve(language.store).toString(), api.url().toString()));
    var builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().remove(SECRET);
    if (secret != null) {
      builder.environment().put(SECRET, secret);
    }
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
    return printed().stream()
        .filter(line -> line.startsWith(READY))
        .map(line -> URI.create(line.substring(READY.length())))
        .findFirst()
        .orElseThrow();
  }

  /** Has the receiver request a signature, and waits until it has kept the id of the job. */
  void request(String job) throws IOException {
    url();
    process.getOutputStream().write((job + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    await(language + " keeps the id of its job")
        .atMost(TIMEOUT)
        .until(() -> printed().contains(job + ": queued"));
  }

  /** Sends any headers and body, through a plain socket, and returns the status of the answer. */
  int post(Map<String, String> headers, byte[] body) throws IOException {
    var head = new StringBuilder("POST / HTTP/1.1\r\nhost: receiver\r\nconnection: close\r\n");
    head.append("content-length: " + body.length + "\r\n");
    headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    URI url = url();
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      socket.setSoTimeout((int) TIMEOUT.toMillis());
      socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().write(body);
      byte[] start = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return Integer.parseInt(new String(start, StandardCharsets.ISO_8859_1).substring(9));
    }
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
    api.close();
  }
}
