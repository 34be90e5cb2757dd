package dev.signrelay.deadline;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * Runs a blocking call on a virtual thread and stops waiting for it when its time is over. Timeouts
 * of sockets cannot promise that: they start again with each byte, and name resolution has none.
 */
public final class TimeLimit {

  private TimeLimit() {}

  /** The limit that comes first. */
  public static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /**
   * @param limit zero or less: the call is not even started
   * @throws TimeoutException if there is no result in time, or the waiting thread is interrupted;
   *     the call, if it was started, is then interrupted too, which closes the socket it blocks on
   * @throws ExecutionException if the call throws
   */
  public static <T> T call(Duration limit, Callable<T> call)
      throws TimeoutException, ExecutionException {
    if (!limit.isPositive()) {
      throw new TimeoutException();
    }
    var task = new FutureTask<>(call);
    Thread.ofVirtual().start(task);
    try {
      return task.get(limit.toNanos(), NANOSECONDS);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw e;
    } catch (InterruptedException _) {
      task.cancel(true);
      Thread.currentThread().interrupt();
      throw new TimeoutException();
    }
  }
}
