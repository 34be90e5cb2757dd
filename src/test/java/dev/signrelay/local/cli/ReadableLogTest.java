package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ReadableLogTest {

  private static final String ID = "1ea74957-fcd3-4134-a397-cb8ddfb25235";

  @Test
  void aJobThatJoinsTheLineIsPrintedWithItsExpectedTime() {
    assertThat(printed(event("rate limited", "wait-in-line").with("expectedWaitSeconds", 62.031)))
        .isEqualTo("1ea74957  rate limited -> in line, call expected after 63 s");
  }

  @Test
  void aJobThatJoinsTheLineBecauseTheLimiterIsUnavailableIsPrintedWithTheError() {
    assertThat(
            printed(event("rate limiter unavailable", "wait-in-line").with("error", "no answer")))
        .isEqualTo("1ea74957  rate limiter unavailable -> in line !! no answer");
  }

  @Test
  void anExpiredGrantIsPrintedWithTheNextAttempt() {
    assertThat(printed(event("grant expired", "requeue").with("delaySeconds", 12.5)))
        .isEqualTo("1ea74957  grant expired -> next attempt in 12.5 s");
  }

  @Test
  void aDeadLetterIsPrintedWithItsReason() {
    assertThat(printed(event("grant expired", "dead-letter").with("reason", "not-called")))
        .isEqualTo("1ea74957  grant expired -> dead letter: not-called");
  }

  @Test
  void aRunOfDispatchFunctionIsPrintedWithTheLine() {
    assertThat(
            printed(
                LogEvent.of(Level.INFO, "dispatch")
                    .measured(Metric.DISPATCHED, 10)
                    .measured(Metric.LINE_LENGTH, 39L)
                    .measured(Metric.LINE_WAIT, 264L)))
        .isEqualTo("dispatch: 39 jobs in line, 10 leave it; a new job waits about 264 s");
  }

  @Test
  void aFailedRunOfDispatchFunctionIsPrintedWithTheError() {
    assertThat(
            printed(
                LogEvent.of(Level.ERROR, "dispatch")
                    .measured(Metric.DISPATCHED, 0)
                    .with("error", "the queue failed")))
        .isEqualTo("dispatch !! the queue failed");
  }

  private static LogEvent event(String name, String decision) {
    return LogEvent.of(Level.INFO, name).with("id", ID).with("decision", decision);
  }

  /** The line that is printed for an event, without its time. */
  private static String printed(LogEvent event) {
    var out = new ByteArrayOutputStream();
    new ReadableLog(new PrintStream(out, true, StandardCharsets.UTF_8)).write(event);
    return out.toString(StandardCharsets.UTF_8)
        .replaceFirst("^\\d{2}:\\d{2}:\\d{2}\\.\\d{3}\\s+", "")
        .strip();
  }
}
