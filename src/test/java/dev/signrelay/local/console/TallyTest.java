package dev.signrelay.local.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.telemetry.LogEvent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TallyTest {

  private Instant now = Instant.parse("2026-11-24T12:00:30Z");
  private final Tally tally = new Tally(() -> now);

  @Test
  void aCallCountsForSixtySecondsFromItsBeginning() {
    attempt("http-503", 10_000);
    assertThat(tally.calls()).isEqualTo(1);

    pass(Duration.ofMillis(49_999));
    assertThat(tally.calls()).isEqualTo(1);
    pass(Duration.ofMillis(1));
    assertThat(tally.calls()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"too-late", "interrupted", "connect", "unknown-host"})
  void anAttemptThatSentNothingIsNoCall(String outcome) {
    attempt(outcome, 0);

    assertThat(tally.calls()).isZero();
  }

  @Test
  void signaturesAreCountedByTheMinute() {
    attempt("signed", 5);
    attempt("signed", 5);
    attempt("timeout", 5);
    pass(Duration.ofSeconds(30));
    attempt("signed", 5);

    assertThat(tally.signatures().subList(Tally.MINUTES - 3, Tally.MINUTES))
        .containsExactly(0, 2, 1);

    pass(Duration.ofMinutes(Tally.MINUTES));
    assertThat(tally.signatures()).containsOnly(0);
  }

  @Test
  void otherLinesOfTheLogAreNotCounted() {
    tally.write(LogEvent.of(LogEvent.Level.INFO, "callback attempt").with("outcome", "signed"));

    assertThat(tally.calls()).isZero();
    assertThat(tally.signatures()).containsOnly(0);
  }

  private void attempt(String outcome, long millis) {
    tally.write(
        LogEvent.of(LogEvent.Level.INFO, "signing attempt")
            .with("outcome", outcome)
            .with("millis", millis));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }
}
