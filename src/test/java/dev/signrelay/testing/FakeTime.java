package dev.signrelay.testing;

import dev.signrelay.time.SystemTime;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A clock that the test advances. Sleeping advances it, too. Other waits are real, but shorter, and
 * advance the clock only when they time out.
 */
public class FakeTime implements TimeSource {

  public static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  /** The ratio of this clock's waits to real waits. */
  private static final int SPEED = 40;

  private final TimeSource waits;
  private Instant now = START;

  public FakeTime() {
    this(new SystemTime());
  }

  /**
   * @param waits for everything but sleeping
   */
  FakeTime(TimeSource waits) {
    this.waits = waits;
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }

  @Override
  public synchronized boolean sleepUntil(Instant time) {
    now = now.isBefore(time) ? time : now;
    return true;
  }

  @Override
  public <T> T callWithin(Duration limit, Callable<T> call)
      throws TimeoutException, ExecutionException {
    return waits.callWithin(limit, call);
  }

  @Override
  public DelayedTask runAfter(Duration delay, Runnable task) {
    return waits.runAfter(delay, task);
  }

  @Override
  public ExecutorService newExecutor() {
    return waits.newExecutor();
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout)
      throws InterruptedException {
    T element = waits.poll(queue, timeout.dividedBy(SPEED));
    if (element == null && timeout.isPositive()) {
      advance(timeout);
    }
    return element;
  }
}
