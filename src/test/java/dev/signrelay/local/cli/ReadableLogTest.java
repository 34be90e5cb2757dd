package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Help.Ansi;

final class ReadableLogTest {

  private static final String ID = "1ea74957-fcd3-4134-a397-cb8ddfb25235";

  static Stream<Arguments> lines() {
    return Stream.of(
        arguments(
            "1ea74957  rate limited -> in line, call expected in 1 min 3 s",
            event("rate limited", "wait-in-line").with("expectedWaitSeconds", 62.031)),
        arguments(
            "1ea74957  rate limiter unavailable -> in line (no answer)",
            event("rate limiter unavailable", "wait-in-line").with("error", "no answer")),
        arguments(
            "1ea74957  grant expired -> still in line", event("grant expired", "stay-in-line")),
        arguments(
            "1ea74957  call under way -> next attempt in 2.50 s",
            event("call under way", "requeue").with("delaySeconds", 2.5)),
        arguments(
            "1ea74957  expired -> dead letter: expired",
            event("expired", "dead-letter").with("reason", "expired")),
        arguments(
            "1ea74957  signing attempt 2: signed after 1.23 s -> kept in its record",
            event("signing attempt", "complete")
                .with("attempt", 2)
                .with("outcome", "signed")
                .with("millis", 1_234)),
        arguments(
            "dispatch: 39 jobs in line, 10 leave it; a new job waits about 4 min 24 s",
            LogEvent.of(Level.INFO, "dispatch")
                .measured(Metric.DISPATCHED, 10)
                .measured(Metric.LINE_LENGTH, 39L)
                .measured(Metric.LINE_WAIT, 264L)),
        arguments(
            "dispatch (the queue failed)",
            LogEvent.of(Level.ERROR, "dispatch")
                .measured(Metric.DISPATCHED, 0)
                .with("error", "the queue failed")),
        arguments(
            "request refused status=429",
            LogEvent.of(Level.WARN, "request refused").with("status", 429)));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void anEventIsOneLineWithWhatFollows(String line, LogEvent event) {
    assertThat(printed(event, Ansi.OFF)).isEqualTo(line);
  }

  @Test
  void whatFollowsIsColouredInATerminal() {
    assertThat(printed(event("expired", "dead-letter").with("reason", "expired"), Ansi.ON))
        .contains("expired -> \u001b[31mdead letter: expired\u001b[39m");
  }

  @ParameterizedTest
  @CsvSource({"0, 0 ms", "999, 999 ms", "1000, 1.00 s", "10240, 10.2 s", "64600, 1 min 5 s"})
  void durationsHaveTheUnitsOfTheConsole(long millis, String text) {
    assertThat(ReadableLog.duration(millis)).isEqualTo(text);
  }

  private static LogEvent event(String name, String decision) {
    return LogEvent.of(Level.INFO, name).with("id", ID).with("decision", decision);
  }

  /** The line that is printed for an event, without its time. */
  private static String printed(LogEvent event, Ansi ansi) {
    var out = new ByteArrayOutputStream();
    new ReadableLog(new PrintStream(out, true, StandardCharsets.UTF_8), ansi).write(event);
    return out.toString(StandardCharsets.UTF_8)
        .replaceFirst("^\\d{2}:\\d{2}:\\d{2}\\.\\d{3}\\s+", "")
        .strip();
  }
}
