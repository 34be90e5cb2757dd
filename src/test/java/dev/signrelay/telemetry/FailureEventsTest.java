package dev.signrelay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.signrelay.telemetry.LogEvent.Level;
import org.junit.jupiter.api.Test;

final class FailureEventsTest {

  @Test
  void aMalformedMessageIsAnErrorThatNamesTheQueueMessage() {
    assertThat(FailureEvents.malformed("sqs-1", "it is not JSON"))
        .isEqualTo(
            LogEvent.of(Level.ERROR, "malformed queue message")
                .with("queueMessageId", "sqs-1")
                .with("error", "it is not JSON"));
  }

  @Test
  void aProcessWithAWrongClockSaysThatItEnds() {
    assertThat(FailureEvents.wrongClock())
        .isEqualTo(LogEvent.of(Level.ERROR, "wrong clock").with("decision", "end-process"));
  }

  @Test
  void anUnexpectedFailureHasItsClassAndPlaceWithoutItsMessage() {
    LogEvent event = FailureEvents.unexpected("id-1", new IllegalStateException("SECRET"));

    assertThat(event.level()).isEqualTo(Level.ERROR);
    assertThat(event.fields())
        .containsEntry("id", "id-1")
        .containsEntry("error", "java.lang.IllegalStateException")
        .hasEntrySatisfying("at", at -> assertThat(at.toString()).contains("FailureEventsTest"));
    assertThat(event.toString()).doesNotContain("SECRET");
  }

  @Test
  void anUnexpectedFailureWithoutAStackTraceHasNoPlace() {
    var failure = new IllegalStateException("SECRET");
    failure.setStackTrace(new StackTraceElement[0]);

    assertThat(FailureEvents.unexpected("id-1", failure).fields())
        .containsExactly(entry("id", "id-1"), entry("error", "java.lang.IllegalStateException"));
  }
}
