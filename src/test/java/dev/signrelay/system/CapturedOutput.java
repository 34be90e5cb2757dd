package dev.signrelay.system;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Captures all output until it is closed: the functions' log, both standard streams, and the
 * records of {@code java.util.logging} at all levels. It contains that of other tests that run at
 * the same time.
 */
final class CapturedOutput implements AutoCloseable {

  /**
   * Loggers of the test's own client and servers, which legitimately receive secrets, and of the
   * browsers of other tests, which run at the same time.
   */
  private static final List<String> NOT_OURS =
      List.of("jdk.httpclient", "jdk.internal.httpclient", "org.eclipse", "org.openqa.selenium");

  private final PrintStream out = System.out;
  private final PrintStream err = System.err;
  private final ByteArrayOutputStream streams = new ByteArrayOutputStream();
  private final ByteArrayOutputStream functions = new ByteArrayOutputStream();
  private final Queue<String> records = new ConcurrentLinkedQueue<>();
  private final Logger root = Logger.getLogger("");
  private final @Nullable Level before = root.getLevel();
  private final Handler handler =
      new Handler() {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord record) {
          String logger = String.valueOf(record.getLoggerName());
          if (NOT_OURS.stream().noneMatch(logger::startsWith)) {
            records.add(formatter.format(record));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  CapturedOutput() {
    handler.setLevel(Level.ALL);
    root.addHandler(handler);
    root.setLevel(Level.ALL);
    var both = new PrintStream(streams, true, StandardCharsets.UTF_8);
    System.setOut(both);
    System.setErr(both);
  }

  /** The stream for the functions' log. */
  PrintStream functions() {
    return new PrintStream(functions, true, StandardCharsets.UTF_8);
  }

  List<String> functionLines() {
    return functions.toString(StandardCharsets.UTF_8).lines().toList();
  }

  List<String> libraryRecords() {
    return List.copyOf(records);
  }

  /** The functions' log lines, the libraries' log records and both standard streams. */
  Stream<String> everything() {
    return Stream.of(
            functionLines().stream(),
            records.stream(),
            streams.toString(StandardCharsets.UTF_8).lines())
        .flatMap(lines -> lines);
  }

  @Override
  public void close() {
    System.setOut(out);
    System.setErr(err);
    root.setLevel(before);
    root.removeHandler(handler);
  }
}
