package dev.signrelay.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The clock, and every timed wait. No other code sleeps or waits for a limited time. A simulation
 * that implements this interface therefore controls all waits.
 *
 * <p>The clock also measures durations: Lambda's own deadline is wall-clock time.
 */
public interface TimeSource extends InstantSource {

  /** A task that runs after a delay, unless it is closed before. */
  @FunctionalInterface
  interface DelayedTask extends AutoCloseable {

    /** Does not stop a task that has begun. */
    @Override
    void close();
  }

  static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** The duration from now until a time; negative if the time is past. */
  default Duration until(Instant time) {
    return Duration.between(instant(), time);
  }

  /**
   * Sleeps until the clock reaches a time, even if the clock is adjusted meanwhile. Returns
   * immediately if the time has passed.
   *
   * @return false if the thread was interrupted before that time; its interrupt status is then set
   */
  boolean sleepUntil(Instant time);

  /**
   * Runs a blocking call on another thread, which no other call uses meanwhile, and waits for its
   * result for a limited time. Socket timeouts cannot limit a call: they start again with each
   * byte, and name resolution has none.
   *
   * @param limit if zero or negative, the call is not started
   * @throws TimeoutException if there is no result in time, or the waiting thread is interrupted.
   *     The call, if it was started, is then interrupted. That does not close the socket it blocks
   *     on: the caller has to close it, or the client needs a timeout of its own.
   * @throws ExecutionException if the call throws
   */
  <T> T callWithin(Duration limit, Callable<T> call) throws TimeoutException, ExecutionException;

  /** Runs a task on a thread of its own after a delay. */
  DelayedTask runAfter(Duration delay, Runnable task);

  /**
   * Runs each task on a thread of its own. {@link ExecutorService#shutdownNow} interrupts those
   * that run.
   */
  ExecutorService newExecutor();

  /**
   * Takes the next element of a queue; null: there was none in time.
   *
   * @param timeout zero or negative: the method does not wait
   */
  <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout) throws InterruptedException;
}
