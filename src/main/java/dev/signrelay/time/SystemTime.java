package dev.signrelay.time;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The machine's clock, and real waits. All threads are platform threads. A virtual thread that
 * computes, such as one that reads TLS records without end, occupies its carrier thread. A few of
 * them would stop all other virtual threads, including those that end calls at their time limit.
 */
public final class SystemTime implements TimeSource {

  /** Of calls with a limit. A thread is reused after its call has ended; no call waits for one. */
  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().factory());

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public boolean sleepUntil(Instant time) {
    try {
      for (Duration wait = until(time); wait.isPositive(); wait = until(time)) {
        Thread.sleep(wait);
      }
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public <T> T callWithin(Duration limit, Callable<T> call)
      throws TimeoutException, ExecutionException {
    if (!limit.isPositive()) {
      throw new TimeoutException();
    }
    var task = new FutureTask<>(call);
    threads.execute(task);
    try {
      return task.get(limit.toNanos(), NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new TimeoutException();
    } finally {
      task.cancel(true);
    }
  }

  @Override
  public DelayedTask runAfter(Duration delay, Runnable task) {
    var closed = new CountDownLatch(1);
    Thread.ofPlatform().daemon().start(() -> runUnlessClosed(closed, delay, task));
    return closed::countDown;
  }

  private static void runUnlessClosed(CountDownLatch closed, Duration delay, Runnable task) {
    try {
      if (!closed.await(delay.toNanos(), NANOSECONDS)) {
        task.run();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public ExecutorService newExecutor() {
    return Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout)
      throws InterruptedException {
    return timeout.isPositive() ? queue.poll(timeout.toNanos(), NANOSECONDS) : queue.poll();
  }
}
