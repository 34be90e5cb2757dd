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
 * A program of this class path in a Java process of its own, which listens on a port once it is
 * ready, and can be killed and started again on the same one.
 */
public final class ChildJvm implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger(RandomGenerator.getDefault().nextInt(20_000, 30_000));

  private final String name;
  private final int port;
  private final Path log;
  private final ProcessBuilder builder;
  private volatile Process process;

  /**
   * @param heapMegabytes if that is not enough, the process ends
   * @param log what it prints is added there
   * @param environment the whole one
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
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
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
   * A port that is free and stays so while a killed process is away: below those from which Linux
   * takes the ports of outgoing connections.
   */
  public static int freePort() {
    while (true) {
      int port = NEXT_PORT.getAndIncrement();
      try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return probe.getLocalPort();
      } catch (BindException _) {
        // the next one, then
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  public int port() {
    return port;
  }

  /** All that it has printed. */
  public String printed() throws IOException {
    return Files.readString(log);
  }

  public long pid() {
    return process.pid();
  }

  public void awaitReady() {
    await(name).atMost(PATIENCE).until(this::listens);
  }

  private boolean listens() {
    if (!process.isAlive()) {
      throw new IllegalStateException(name + " ended by itself; see its log");
    }
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  /** SIGKILL: the process does nothing more, not even end. Then a new one is started. */
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

  /** For the program's main thread: waits until the process that started it ends, and ends too. */
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
