package dev.signrelay.testing;

import dev.signrelay.time.DelayedTask;
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
 * The clock of a process that Lambda freezes: it runs as the system's, and jumps while the process
 * does nothing. Waits are real.
 */
public final class JumpingTime implements TimeSource {

  private volatile ShiftedTime present = new ShiftedTime(Duration.ZERO);

  /** Freezes the process for a time. */
  public void jump(Duration time) {
    present = new ShiftedTime(present.ahead().plus(time));
  }

  @Override
  public Instant instant() {
    return present.instant();
  }

  @Override
  public boolean sleepUntil(Instant time) {
    return present.sleepUntil(time);
  }

  @Override
  public <T> T callWithin(Duration limit, Callable<T> call)
      throws TimeoutException, ExecutionException {
    return present.callWithin(limit, call);
  }

  @Override
  public DelayedTask runAfter(Duration delay, Runnable task) {
    return present.runAfter(delay, task);
  }

  @Override
  public ExecutorService newExecutor() {
    return present.newExecutor();
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout)
      throws InterruptedException {
    return present.poll(queue, timeout);
  }
}
