package dev.signrelay.simulation;

import dev.signrelay.simulation.EventLoop.Waiter;
import dev.signrelay.time.DelayedTask;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The clock port in virtual time: time passes only while every process waits.
 *
 * <p>Nothing is interrupted. A call that exceeds its limit continues and has its effects late, like
 * a request in transit whose client has stopped waiting.
 */
public final class VirtualTime implements TimeSource {

  private final Map<Waiter, BlockingQueue<?>> pollers = new LinkedHashMap<>();
  private final EventLoop loop;

  public VirtualTime(Instant start) {
    this.loop = new EventLoop(start, this::wakePollers);
  }

  @Override
  public Instant instant() {
    return loop.now();
  }

  /** Plans an event, which must not wait. */
  void at(Instant time, Runnable event) {
    loop.at(time, event);
  }

  /** Plans the beginning of a process. */
  public void start(Instant time, Runnable process) {
    loop.start(time, process);
  }

  /**
   * Runs all planned events and the events that they cause.
   *
   * @param end later events are not run
   * @return whether there are none
   */
  public boolean run(Instant end) {
    return loop.run(end);
  }

  /** Lets the calling process wait. */
  void sleep(Duration duration) {
    loop.sleepUntil(instant().plus(duration));
  }

  @Override
  public boolean sleepUntil(Instant time) {
    loop.sleepUntil(time);
    return true;
  }

  @Override
  public <T> T callWithin(Duration limit, Callable<T> call)
      throws TimeoutException, ExecutionException {
    if (!limit.isPositive()) {
      throw new TimeoutException();
    }
    var waiter = new Waiter();
    var task = new FutureTask<>(call);
    start(
        instant(),
        () -> {
          task.run();
          loop.wake(waiter);
        });
    if (!loop.await(waiter, instant().plus(limit))) {
      throw new TimeoutException();
    }
    try {
      return task.get();
    } catch (InterruptedException e) {
      throw new IllegalStateException("a completed task is not waited for", e);
    }
  }

  @Override
  public DelayedTask runAfter(Duration delay, Runnable task) {
    return loop.start(instant().plus(delay), task)::cancel;
  }

  @Override
  public ExecutorService newExecutor() {
    return new VirtualExecutor(task -> start(instant(), task));
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout) {
    T element = queue.poll();
    if (element != null || !timeout.isPositive()) {
      return element;
    }
    var waiter = new Waiter();
    pollers.put(waiter, queue);
    loop.await(waiter, instant().plus(timeout));
    pollers.remove(waiter);
    return queue.poll();
  }

  private void wakePollers() {
    if (pollers.isEmpty()) {
      return;
    }
    List<Waiter> ready = new ArrayList<>();
    pollers.forEach(
        (waiter, queue) -> {
          if (!queue.isEmpty()) {
            ready.add(waiter);
          }
        });
    ready.forEach(
        waiter -> {
          pollers.remove(waiter);
          loop.wake(waiter);
        });
  }
}
