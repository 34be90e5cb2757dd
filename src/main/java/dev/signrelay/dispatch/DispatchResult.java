package dev.signrelay.dispatch;

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

  static DispatchResult failed(RuntimeException failure) {
    return new DispatchResult(-1, Duration.ZERO, 0, failure);
  }
}
