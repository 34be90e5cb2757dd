package dev.signrelay.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * A program of this class path in a separate Java process. It listens on a port once it is ready,
 * and can be killed and restarted on the same port.
 */
public final class ChildJvm implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger(RandomGenerator.getDefault().nextInt(20_000, 30_000));

  private final String name;
  private final int port;
  private final Path log;
  private final ProcessBuilder builder;
  private volatile Process process;

  /**
   * @param heapMegabytes the maximum heap; on an OutOfMemoryError the process exits
   * @param log the file that the process's output is appended to
   * @param environment the complete environment of the process
   */
  public ChildJvm(
      String name,
      Class<?> main,
      int port,
      int heapMegabytes,
      List<String> arguments,
      Path log,
      Map<String, String> environment)
      throws IOException {
    this.name = name;
    this.port = port;
    this.log = log;
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(List.of("-Xmx" + heapMegabytes + "m", "-XX:+ExitOnOutOfMemoryError", "-cp"));
    command.addAll(List.of(System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    process = builder.start();
  }

  /**
   * A free port that remains available while a killed process restarts: it is below the range of
   * ports that Linux assigns to outgoing connections.
   */
  public static int freePort() {
    while (true) {
      int port = NEXT_PORT.getAndIncrement();
      try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (BindException _) {
        // Try the next one.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public int port() {
    return port;
  }

  /** The complete output of the process. */
  public String printed() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public long pid() {
    return process.pid();
  }

  public void awaitReady() {
    await(name + " is ready").atMost(TIMEOUT).until(this::listens);
  }

  private boolean listens() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " exited unexpectedly: " + printed());
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** Kills the process with SIGKILL, so that no shutdown hook runs, and starts it again. */
  public void killAndRestart() {
    try {
      process.destroyForcibly().waitFor();
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Blocks the program's main thread until the parent process exits, and then exits. */
  public static void exitWithParent() throws IOException {
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  @Override
  public String toString() {
    return name;
  }
}
