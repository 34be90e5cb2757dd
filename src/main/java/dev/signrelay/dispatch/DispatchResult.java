package dev.signrelay.dispatch;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run: the data of its log event.
 *
 * @param waiting the approximate number of jobs in line at the beginning; -1: unknown
 * @param expectedWait the estimated time until a job that joined the line then gets its grant
 * @param dispatched how many jobs left the line
 * @param failure the last failure of the rate limiter or a queue, which ended the run or a lane, or
 *     of a lane itself; null: none
 */
public record DispatchResult(
    long waiting, Duration expectedWait, int dispatched, @Nullable RuntimeException failure) {

  static DispatchResult failed(RuntimeException failure) {
    return new DispatchResult(-1, Duration.ZERO, 0, failure);
  }

  /** Adds the result of a lane. */
  DispatchResult with(Lane.Result lane) {
    return new DispatchResult(
        waiting,
        expectedWait,
        dispatched + lane.dispatched(),
        lane.failure() == null ? failure : lane.failure());
  }
}
