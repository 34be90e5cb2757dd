package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.DurationText;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Help.Ansi;

final class ReadableLogTest {

  private static final String ID = "1ea74957-fcd3-4134-a397-cb8ddfb25235";

  @Test
  void aJobThatJoinsTheLineIsPrintedWithItsExpectedTime() {
    assertThat(printed(event("rate limited", "wait-in-line").with("expectedWaitSeconds", 62.031)))
        .isEqualTo("1ea74957  rate limited -> in line, call expected in 1 min 3 s");
  }

  @Test
  void aJobThatJoinsTheLineBecauseTheLimiterIsUnavailableIsPrintedWithTheError() {
    assertThat(
            printed(event("rate limiter unavailable", "wait-in-line").with("error", "no answer")))
        .isEqualTo("1ea74957  rate limiter unavailable -> in line (no answer)");
  }

  @Test
  void aJobThatStaysInLineIsPrintedAsWaiting() {
    assertThat(printed(event("grant expired", "stay-in-line")))
        .isEqualTo("1ea74957  grant expired -> still in line");
  }

  @Test
  void aRequeuedJobIsPrintedWithTheNextAttempt() {
    assertThat(printed(event("expired call", "requeue").with("delaySeconds", 12.5)))
        .isEqualTo("1ea74957  expired call -> next attempt in 12.5 s");
  }

  @Test
  void aDeadLetterIsPrintedWithItsReason() {
    assertThat(printed(event("expired", "dead-letter").with("reason", "expired")))
        .isEqualTo("1ea74957  expired -> dead letter: expired");
  }

  @Test
  void aRunOfDispatchFunctionIsPrintedWithTheLine() {
    assertThat(
            printed(
                LogEvent.of(Level.INFO, "dispatch")
                    .measured(Metric.DISPATCHED, 10)
                    .measured(Metric.LINE_LENGTH, 39L)
                    .measured(Metric.LINE_WAIT, 264L)))
        .isEqualTo("dispatch: 39 jobs in line, 10 leave it; a new job waits about 4 min 24 s");
  }

  @Test
  void aFailedRunOfDispatchFunctionIsPrintedWithTheError() {
    assertThat(
            printed(
                LogEvent.of(Level.ERROR, "dispatch")
                    .measured(Metric.DISPATCHED, 0)
                    .with("error", "the queue failed")))
        .isEqualTo("dispatch (the queue failed)");
  }

  @Test
  void aSignatureForAClientWithoutAReceiverIsNotCalledDelivered() {
    assertThat(
            printed(
                event("signing attempt", "complete")
                    .with("attempt", 2)
                    .with("outcome", "signed")
                    .with("millis", 1_234)))
        .isEqualTo("1ea74957  signing attempt 2: signed after 1.23 s -> kept in its record");
  }

  @Test
  void anEventOfAnyNameIsPrintedWithWhatFollows() {
    assertThat(printed(event("call under way", "requeue").with("delaySeconds", 2.5)))
        .isEqualTo("1ea74957  call under way -> next attempt in 2.50 s");
  }

  @Test
  void anEventWithoutAJobIsPrintedWithItsFields() {
    assertThat(printed(LogEvent.of(Level.WARN, "request refused").with("status", 429)))
        .isEqualTo("request refused status=429");
  }

  @Test
  void whatFollowsIsColouredInATerminal() {
    assertThat(printed(event("expired", "dead-letter").with("reason", "expired"), Ansi.ON))
        .contains("expired -> \u001b[31mdead letter: expired\u001b[39m");
  }

  @ParameterizedTest
  @CsvSource({"0, 0 ms", "999, 999 ms", "1000, 1.00 s", "10240, 10.2 s", "64600, 1 min 5 s"})
  void durationsHaveTheUnitsOfTheConsole(long millis, String text) {
    assertThat(DurationText.of(Duration.ofMillis(millis))).isEqualTo(text);
  }

  private static LogEvent event(String name, String decision) {
    return LogEvent.of(Level.INFO, name).with("id", ID).with("decision", decision);
  }

  /** The line that is printed for an event, without its time. */
  private static String printed(LogEvent event) {
    return printed(event, Ansi.OFF);
  }

  private static String printed(LogEvent event, Ansi ansi) {
    var out = new ByteArrayOutputStream();
    new ReadableLog(new PrintStream(out, true, StandardCharsets.UTF_8), ansi).write(event);
    return out.toString(StandardCharsets.UTF_8)
        .replaceFirst("^\\d{2}:\\d{2}:\\d{2}\\.\\d{3}\\s+", "")
        .strip();
  }
}
