package dev.signrelay.dispatch;

import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.queue.JobQueues.QueueUnavailableException;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.LogEvent.Level;
import dev.signrelay.telemetry.Metric;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run: the data of its log event.
 *
 * @param waiting the approximate number of jobs in line at the beginning; -1: unknown
 * @param expectedWait the estimated time until the call of a job that joined the line then
 * @param dispatched how many jobs left the line
 * @param failure the failure of the rate limiter, a queue or the API key that ended the run or a
 *     part of it; null: none
 */
public record DispatchResult(
    long waiting, Duration expectedWait, int dispatched, @Nullable RuntimeException failure) {

  LogEvent event() {
    LogEvent event = LogEvent.of(Level.INFO, "dispatch").measured(Metric.DISPATCHED, dispatched);
    if (waiting >= 0) {
      event =
          event
              .measured(Metric.LINE_LENGTH, waiting)
              .measured(Metric.LINE_WAIT, expectedWait.toSeconds());
    }
    return switch (failure) {
      case null -> event;
      case LimiterUnavailableException e -> FailureEvents.limiterUnavailable(event, e);
      case QueueUnavailableException e -> FailureEvents.queueUnavailable(event, e);
      case SecretUnavailableException _ ->
          event.atLeast(Level.ERROR).with("error", "the upstream key is unavailable");
      case RuntimeException e -> event.atLeast(Level.ERROR).with("error", e.getMessage());
    };
  }
}
