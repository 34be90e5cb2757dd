package dev.signrelay.local.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.testing.AllLogEvents;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StepTest {

  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  @Test
  void everyLogEventOfAJobIsAStepWithATitle() {
    List<JobEvent> events =
        AllLogEvents.ofAllFunctions().stream()
            .flatMap(all -> all.events().stream())
            .filter(event -> event.fields().containsKey("id"))
            .map(event -> JobEvent.of(event, NOW))
            .toList();

    assertThat(events).extracting(JobEvent::id).doesNotContain("");
    assertThat(events).extracting(event -> Step.of(event).title()).noneMatch(String::isBlank);
  }

  @Test
  void anAttemptBeginsBeforeItsEventAndSaysWhenTheNextOneIsDue() {
    Step step =
        Step.of(
            JobEvent.of(
                LogEvent.of(LogEvent.Level.INFO, "signing attempt")
                    .with("id", "a")
                    .with("attempt", 2)
                    .with("outcome", "http-503")
                    .with("millis", 1_520)
                    .with("decision", "requeue")
                    .with("delaySeconds", 2.5),
                NOW));

    assertThat(step)
        .isEqualTo(
            new Step(
                NOW,
                NOW.minusMillis(1_520),
                NOW,
                Tone.BAD,
                "Signing attempt 2",
                "http-503, 1.52 s",
                "",
                NOW.plusMillis(2_500)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e300, -1e300, Double.NaN, Double.POSITIVE_INFINITY})
  void aStepWithAnImpossibleNumberIsDisplayed(double number) {
    Map<String, Object> fields =
        Map.of(
            "decision", "requeue",
            "delaySeconds", number,
            "expectedWaitSeconds", number,
            "expectedIn", number,
            "millis", number);

    for (String name : new String[] {"request", "signing attempt", "rate limited"}) {
      JobEvent event = JobEvent.of("a", Instant.parse("9999-12-31T23:59:59Z"), name, fields);
      assertThat(Step.of(event).json().path("to").isNumber()).isTrue();
      assertThat(JobHistory.first(1, event, false).json().path("label").asText()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "signing attempt, signed, answer, returned in the response",
    "signing attempt, timeout, answer, no signature returned",
    "signing attempt, signed, complete, kept in its record",
    "signing attempt, signed, deliver, callback follows",
    "callback attempt, http-204, complete, delivered",
    "callback attempt, http-410, dead-letter, dead letter: why"
  })
  void aStepSaysWhatFollows(String name, String outcome, String decision, String next) {
    Map<String, Object> fields =
        Map.of("outcome", outcome, "decision", decision, "reason", "why", "attempt", 1);

    assertThat(Step.of(JobEvent.of("a", NOW, name, fields)).next()).isEqualTo(next);
  }

  @ParameterizedTest
  @EnumSource
  void everyReasonOfADeadLetterIsExplained(DeadLetterReason.Kind kind) {
    assertThat(DeadLetterTexts.of(kind.code())).endsWith(".");
  }
}
