package dev.signrelay.testing;

import dev.signrelay.time.DelayedTask;
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
 * The clock of a machine that is wrong. Waits are as long as on any machine.
 *
 * @param ahead how far it is ahead of the system's clock
 */
public record ShiftedTime(Duration ahead) implements TimeSource {

  private static final TimeSource SYSTEM = new SystemTime();

  @Override
  public Instant instant() {
    return SYSTEM.instant().plus(ahead);
  }

  @Override
  public boolean sleepUntil(Instant time) {
    return SYSTEM.sleepUntil(time.minus(ahead));
  }

  @Override
  public <T> T callWithin(Duration limit, Callable<T> call)
      throws TimeoutException, ExecutionException {
    return SYSTEM.callWithin(limit, call);
  }

  @Override
  public DelayedTask runAfter(Duration delay, Runnable task) {
    return SYSTEM.runAfter(delay, task);
  }

  @Override
  public ExecutorService newExecutor() {
    return SYSTEM.newExecutor();
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout)
      throws InterruptedException {
    return SYSTEM.poll(queue, timeout);
  }
}
