package dev.signrelay.testing;

import dev.signrelay.simulation.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A clock that passes only while every thread waits: threads run one at a time, and each run has
 * the same result. It interrupts no thread.
 */
public final class SimulatedTime extends FakeTime {

  private static final Duration LONGEST_RUN = Duration.ofDays(1);

  private final VirtualTime time;

  public SimulatedTime() {
    this(new VirtualTime(START));
  }

  private SimulatedTime(VirtualTime time) {
    super(time);
    this.time = time;
  }

  /** Runs a task and all threads that it starts to their ends. Returns the task's result. */
  public <T> T run(Callable<T> task) {
    var result = new FutureTask<>(task);
    time.start(time.instant(), result);
    if (!time.run(time.instant().plus(LONGEST_RUN))) {
      throw new IllegalStateException("threads still run after " + LONGEST_RUN);
    }
    try {
      return result.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException("a completed task is not waited for", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /** See {@link VirtualTime#refuseThread}. */
  public void refuseThread(int number) {
    time.refuseThread(number);
  }

  @Override
  public Instant instant() {
    return time.instant();
  }

  @Override
  public void advance(Duration duration) {
    time.sleepUntil(time.instant().plus(duration));
  }

  @Override
  public boolean sleepUntil(Instant end) {
    return time.sleepUntil(end);
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout) {
    return time.poll(queue, timeout);
  }
}
