package dev.signrelay.dispatch;

import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;

/** Log events of DispatchFunction, one for each run. */
final class DispatchEvents {

  private DispatchEvents() {}

  static LogEvent of(DispatchResult result) {
    LogEvent event =
        LogEvent.of(Level.INFO, "dispatch").measured(Metric.DISPATCHED, result.dispatched());
    if (result.waiting() >= 0) {
      event =
          event
              .measured(Metric.LINE_LENGTH, result.waiting())
              .measured(Metric.LINE_WAIT, result.expectedWait().toSeconds());
    }
    return switch (result.failure()) {
      case null -> event;
      case LimiterUnavailableException e -> FailureEvents.limiterUnavailable(event, e);
      case QueueUnavailableException e -> FailureEvents.queueUnavailable(event, e);
      case SecretUnavailableException _ ->
          event.atLeast(Level.ERROR).with("error", "the upstream key is unavailable");
      case RuntimeException e -> event.atLeast(Level.ERROR).with("error", e.getMessage());
    };
  }
}
