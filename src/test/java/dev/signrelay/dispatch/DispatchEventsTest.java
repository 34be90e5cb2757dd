package dev.signrelay.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class DispatchEventsTest {

  @Test
  void aRunHasTheLineAtItsBeginningAndTheJobsThatLeftIt() {
    assertThat(DispatchEvents.of(new DispatchResult(7, Duration.ofMillis(90_999), 3, null)))
        .isEqualTo(
            LogEvent.of(Level.INFO, "dispatch")
                .measured(Metric.DISPATCHED, 3)
                .measured(Metric.LINE_LENGTH, 7L)
                .measured(Metric.LINE_WAIT, 90L));
  }

  @Test
  void anEmptyLineIsMeasuredToo() {
    assertThat(DispatchEvents.of(new DispatchResult(0, Duration.ZERO, 0, null)).measurements())
        .containsEntry(Metric.LINE_LENGTH, 0L)
        .containsEntry(Metric.LINE_WAIT, 0L)
        .containsEntry(Metric.DISPATCHED, 0);
  }

  @Test
  void aRunThatAQueueEndedIsAnError() {
    var failure = new QueueUnavailableException("no answer", new TimeoutException("SECRET"));

    assertThat(DispatchEvents.of(DispatchResult.failed(failure)))
        .isEqualTo(
            LogEvent.of(Level.ERROR, "dispatch")
                .with("error", "no answer")
                .with("cause", "TimeoutException")
                .measured(Metric.DISPATCHED, 0)
                .counted(Metric.QUEUE_UNAVAILABLE));
  }

  @Test
  void aRunThatTheLimiterEndedHasTheJobsThatLeftTheLineBefore() {
    var failure = new LimiterUnavailableException("no answer", new TimeoutException("SECRET"));

    assertThat(DispatchEvents.of(new DispatchResult(700, Duration.ofSeconds(9), 50, failure)))
        .isEqualTo(
            LogEvent.of(Level.ERROR, "dispatch")
                .with("error", "no answer")
                .with("cause", "TimeoutException")
                .measured(Metric.DISPATCHED, 50)
                .measured(Metric.LINE_LENGTH, 700L)
                .measured(Metric.LINE_WAIT, 9L)
                .counted(Metric.LIMITER_UNAVAILABLE));
  }

  /** The event "secret not read" has the cause, and is counted. */
  @Test
  void aRunWithoutTheKeyIsAnError() {
    var failure = new SecretUnavailableException("SECRET", null);

    assertThat(DispatchEvents.of(DispatchResult.failed(failure)))
        .isEqualTo(
            LogEvent.of(Level.ERROR, "dispatch")
                .with("error", "the upstream key is unavailable")
                .measured(Metric.DISPATCHED, 0));
  }
}
