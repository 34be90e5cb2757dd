package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.signrelay.log.LogEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RehearsalIT {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private final List<LogEvent> log = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000})
  void aRequestIsSignedAndAnotherQueued(int callsPerMinute) throws IOException {
    rehearsal(callsPerMinute).signing();

    assertThat(told()).contains("signed: answer", "http-503: requeue");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 1_000})
  void aJobIsSignedAndDeliveredAndOthersArePutBack(int callsPerMinute) throws IOException {
    rehearsal(callsPerMinute).retrying();

    assertThat(told())
        .contains("signed: deliver", "http-204: complete", "http-503: requeue", "null: requeue");
  }

  @Test
  void noConnectionIsLeftOpen() throws IOException {
    assumeThat(OPEN_FILES).isDirectory();
    rehearsal(10).signing();
    List<String> before = sockets();

    rehearsal(10).signing();
    rehearsal(10).retrying();

    assertThat(sockets()).isSubsetOf(before);
  }

  private Rehearsal rehearsal(int callsPerMinute) {
    return new Rehearsal(callsPerMinute, InstantSource.system(), log::add);
  }

  private List<String> told() {
    return log.stream()
        .map(line -> line.fields().get("outcome") + ": " + line.fields().get("decision"))
        .toList();
  }

  private static List<String> sockets() throws IOException {
    try (Stream<Path> files = Files.list(OPEN_FILES)) {
      return files.map(RehearsalIT::target).filter(name -> name.startsWith("socket:")).toList();
    }
  }

  /** Empty for a file that was closed meanwhile, such as the listing's own. */
  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException _) {
      return "";
    }
  }
}
