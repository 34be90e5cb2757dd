package dev.signrelay.local.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class KeptHistoryTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00.000001Z");
  private static final JobEvent HOSTILE =
      JobEvent.of("id", NOW, "request", Map.of("message", "a\n{\"b\u2028\u0000\ud83d\ude00'"));
  private static final JobEvent DEAD =
      JobEvent.of("id", NOW, "signing attempt", Map.of("decision", "dead-letter"));

  private final List<String> warnings = new ArrayList<>();
  @TempDir private Path folder;

  @Test
  void eventsAreReadAsTheyWereWritten() throws Exception {
    append(HOSTILE, DEAD);
    append(JobEvent.of("other", NOW, "redriven"));

    assertThat(Files.readAllLines(file()).stream().map(JobEvent::read).flatMap(Optional::stream))
        .containsExactly(HOSTILE, DEAD, JobEvent.of("other", NOW, "redriven"));
    assertThat(loadedJobs()).containsExactly("id lost", "other lost");
    assertThat(warnings).isEmpty();
  }

  @Test
  void linesThatAreNoEventsAreSkippedWithOneWarning() throws Exception {
    append(HOSTILE, DEAD);
    Files.writeString(
        file(),
        "\n\u00ff{}\n[]\n" + line("x", "i") + line(NOW.toString(), "") + "incomp",
        StandardOpenOption.APPEND);
    append(JobEvent.of("after", NOW, "redriven"));

    assertThat(loadedJobs()).containsExactly("id lost", "after lost");
    assertThat(warnings).singleElement().asString().contains("5 lines are no events");
  }

  @Test
  void theKeyOfAClientIsNotKept() {
    JobEvent event = recorded(Map.of("x-api-key", "secret", "authorization", "secret"), "");

    assertThat(event.line()).doesNotContain("secret").contains("YOUR_KEY");
  }

  /** The command that repeats it would not be the same request otherwise. */
  @Test
  void theLongestBodyThatIsValidIsKeptAsAWholeAndALongerOneIsCut() {
    String body = "{\"message\":\"hello\"}" + " ".repeat(65_536 - 19);

    assertThat(recorded(Map.of(), body).text("body")).isEqualTo(body);
    assertThat(recorded(Map.of(), body.repeat(3)).text("body")).hasSizeLessThan(80_000);
  }

  private static JobEvent recorded(Map<String, String> headers, String body) {
    return new RecordedExchange("POST", "/crypto/sign", headers, body, 200)
        .request(Map.of("x-request-id", "id"), "{}", NOW, NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1000000000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "+10000-01-01T00:00:00Z"})
  void anEventOfAnImpossibleTimeIsSkipped(String at) {
    assertThat(JobEvent.read(line(at, "i"))).isEmpty();
    assertThat(JobEvent.read(line("1970-01-01T00:00:00Z", "i"))).isPresent();
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void onlyTheOwnerMayReadTheFile() throws Exception {
    append(HOSTILE);
    assertThat(permissions()).isEqualTo("rw-------");

    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
    append(DEAD);
    assertThat(permissions()).isEqualTo("rw-------");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsReportedOnce() throws Exception {
    try (KeptHistory history = KeptHistory.open(Path.of("/dev/full"), warnings::add)) {
      history.append(HOSTILE);
      history.append(DEAD);
    }

    assertThat(warnings).singleElement().asString().contains("/dev/full", "events are not kept");
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    Path missing = folder.resolve("missing/file");

    assertThatThrownBy(() -> KeptHistory.open(missing, warnings::add))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("--keep", missing.toString(), "cannot be written");
  }

  private Path file() {
    return folder.resolve("history.jsonl");
  }

  private static String line(String at, String id) {
    return "{\"at\":\"%s\",\"event\":\"e\",\"id\":\"%s\",\"fields\":{}}\n".formatted(at, id);
  }

  private String permissions() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file()));
  }

  private void append(JobEvent... events) throws IOException {
    try (KeptHistory history = KeptHistory.open(file(), warnings::add)) {
      List.of(events).forEach(history::append);
    }
  }

  /** The ids and states of the jobs in the file. */
  private List<String> loadedJobs() throws Exception {
    var histories = new Histories(() -> NOW, _ -> {});
    try (KeptHistory history = KeptHistory.open(file(), warnings::add)) {
      history.loadInto(histories);
    }
    return histories
        .after(Histories.NOTHING, Duration.ofMillis(1))
        .path("jobs")
        .valueStream()
        .map(job -> job.path("id").asText() + " " + job.path("state").asText())
        .toList();
  }
}
