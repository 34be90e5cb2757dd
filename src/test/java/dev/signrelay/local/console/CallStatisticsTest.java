package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CallStatisticsTest {

  private Instant now = Instant.parse("2026-11-24T12:00:30Z");
  private final CallStatistics statistics = new CallStatistics(() -> now);

  @Test
  void aCallIsCountedForSixtySecondsFromItsStart() {
    attempt("http-503", 10_000);
    assertThat(statistics.calls()).isEqualTo(1);

    advance(Duration.ofMillis(49_999));
    assertThat(statistics.calls()).isEqualTo(1);
    advance(Duration.ofMillis(1));
    assertThat(statistics.calls()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "signing attempt, too-late",
    "signing attempt, interrupted",
    "signing attempt, connect",
    "signing attempt, unknown-host",
    "callback attempt, signed"
  })
  void whatSentNoCallIsNotCounted(String event, String outcome) {
    statistics.write(LogEvent.of(LogEvent.Level.INFO, event).with("outcome", outcome));

    assertThat(statistics.calls()).isZero();
    assertThat(statistics.signatures()).containsOnly(0);
  }

  @Test
  void signaturesAreCountedPerMinute() {
    attempt("signed", 5);
    attempt("signed", 5);
    attempt("timeout", 5);
    advance(Duration.ofSeconds(30));
    attempt("signed", 5);

    assertThat(statistics.signatures().subList(CallStatistics.MINUTES - 3, CallStatistics.MINUTES))
        .containsExactly(0, 2, 1);

    advance(Duration.ofMinutes(CallStatistics.MINUTES));
    assertThat(statistics.signatures()).containsOnly(0);
  }

  private void attempt(String outcome, long millis) {
    statistics.write(
        LogEvent.of(LogEvent.Level.INFO, "signing attempt")
            .with("outcome", outcome)
            .with("millis", millis));
  }

  private void advance(Duration time) {
    now = now.plus(time);
  }
}
