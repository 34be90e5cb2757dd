package dev.signrelay.benchmark;

import dev.signrelay.testing.ChildJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The quick start of a developer, as the README describes it: a clone of this repository, and the
 * local run. Maven's repository is empty, so the first start downloads all libraries.
 */
final class FirstMinute implements AutoCloseable {

  private static final String RUNNING = "SignRelay is running.";
  private static final Duration CALLBACK_WITHIN = Duration.ofMinutes(2);

  private final Process process;
  private final BufferedReader output;
  private final int api;
  private final int inbox;

  /**
   * @param folder in which the clone and the repository are created
   */
  static List<Figure> measure(Path folder) throws IOException, InterruptedException {
    delete(folder);
    Files.createDirectories(folder);
    List<Figure> figures = new ArrayList<>();
    Instant begin = Instant.now();
    require(new ProcessBuilder("git", "clone", "--quiet", ".", folder.resolve("clone").toString()));
    try (var run = new FirstMinute(folder)) {
      run.awaitRunning();
      figures.add(since(begin, "From `git clone` to `" + RUNNING + "`, nothing downloaded before"));
      run.awaitCallback();
      figures.add(since(begin, "To the first callback in the inbox"));
    }
    figures.add(Figure.of("Downloaded once", bytes(folder.resolve("repository")) / 1e6, "MB"));
    begin = Instant.now();
    try (var run = new FirstMinute(folder)) {
      run.awaitRunning();
      figures.add(since(begin, "Later, from `./local` to `" + RUNNING + "`"));
    }
    delete(folder);
    return figures;
  }

  private FirstMinute(Path folder) throws IOException {
    api = ChildJvm.freePort();
    inbox = ChildJvm.freePort();
    List<String> command = new ArrayList<>(List.of("./local"));
    command.addAll(List.of("--port", "" + api, "--inbox-port", "" + inbox));
    for (String other : List.of("--signer-port", "--sqs-port", "--dynamodb-port")) {
      command.addAll(List.of(other, "" + ChildJvm.freePort()));
    }
    var builder =
        new ProcessBuilder(command)
            .directory(folder.resolve("clone").toFile())
            .redirectErrorStream(true);
    builder.environment().put("MAVEN_ARGS", "-Dmaven.repo.local=" + folder.resolve("repository"));
    process = builder.start();
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private void awaitRunning() throws IOException {
    var printed = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      printed.append(line).append('\n');
      if (line.contains(RUNNING)) {
        Thread.ofPlatform().daemon().start(this::discardOutput);
        return;
      }
    }
    throw new IllegalStateException("The local run did not start: " + printed);
  }

  private void discardOutput() {
    try {
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException _) {
      // The process has ended.
    }
  }

  private void awaitCallback() throws IOException, InterruptedException {
    String callback = "http://localhost:" + inbox + "/inbox";
    get("http://localhost:%d/crypto/sign?message=hello&callback_url=%s".formatted(api, callback));
    Instant end = Instant.now().plus(CALLBACK_WITHIN);
    while (!get(callback).contains("webhook-id")) {
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException("No callback arrived");
      }
      Thread.sleep(100);
    }
  }

  private static String get(String url) throws IOException {
    try (var body = URI.create(url).toURL().openStream()) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Figure since(Instant begin, String name) {
    return Figure.of(name, Duration.between(begin, Instant.now()).toMillis() / 1e3, "s");
  }

  private static void require(ProcessBuilder command) throws IOException, InterruptedException {
    if (command.inheritIO().start().waitFor() != 0) {
      throw new IllegalStateException(command.command() + " failed");
    }
  }

  private static long bytes(Path folder) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private static void delete(Path folder) throws IOException, InterruptedException {
    require(new ProcessBuilder("rm", "-rf", folder.toString()));
  }

  /** Ends the local run: {@code ./local} is replaced by its Java process. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
