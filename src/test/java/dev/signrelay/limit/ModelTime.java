package dev.signrelay.limit;

import dev.signrelay.time.DelayedTask;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** The clock of a process during one operation. It advances only when it is set and by sleeping. */
final class ModelTime implements TimeSource {

  private Instant now = Instant.EPOCH;

  void set(Instant time) {
    now = time;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public boolean sleepUntil(Instant time) {
    now = GrantSchedule.later(now, time);
    return true;
  }

  /** Calls without a timeout. The model represents a timeout as a lost response. */
  @Override
  public <T> T callWithin(Duration limit, Callable<T> call) throws ExecutionException {
    try {
      return call.call();
    } catch (Exception e) {
      throw new ExecutionException(e);
    }
  }

  @Override
  public DelayedTask runAfter(Duration delay, Runnable task) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ExecutorService newExecutor() {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout) {
    throw new UnsupportedOperationException();
  }
}
