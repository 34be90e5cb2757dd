package dev.signrelay.simulation;

import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The clock port in virtual time, which passes only while every process waits. Events are
 * instantaneous. Processes take time, and each has its own thread. One process runs at a time,
 * until it waits or ends; events happen in the order of their times, and events of the same time in
 * the order in which they were planned. Nothing else influences a run.
 *
 * <p>Nothing is interrupted. A call that exceeds its limit continues and has its effects late, like
 * a request in transit whose client has stopped waiting.
 */
public final class VirtualTime implements TimeSource {

  /** A process that waits, or a process that has not begun. */
  private static final class Waiter {
    private final Semaphore permit = new Semaphore(0);
    private boolean resumed;
    private boolean woken;

    /** Discards the event that would resume the process. */
    void cancel() {
      resumed = true;
    }
  }

  private record Event(Instant time, long number, Runnable action, @Nullable Waiter waiter) {

    /** Whether the process was already resumed. */
    boolean isStale() {
      return waiter != null && waiter.resumed;
    }
  }

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::time).thenComparingLong(Event::number));
  private final Map<Waiter, BlockingQueue<?>> pollers = new LinkedHashMap<>();

  /** How many executors' threads are started until one cannot be; not positive: all can. */
  private int threadsUntilRefused;

  private final Semaphore turn = new Semaphore(0);
  private Instant now;
  private long planned;
  private volatile @Nullable Throwable failure;

  public VirtualTime(Instant start) {
    this.now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Plans an event, which must not wait. */
  void at(Instant time, Runnable event) {
    plan(time, event, null);
  }

  /** Plans the beginning of a process. */
  public void start(Instant time, Runnable process) {
    var _ = planProcess(time, process);
  }

  /** The process does not begin if the returned waiter is cancelled before. */
  private Waiter planProcess(Instant time, Runnable process) {
    var beginning = new Waiter();
    plan(time, () -> giveTurn(() -> Thread.ofVirtual().start(() -> live(process))), beginning);
    return beginning;
  }

  private void plan(Instant time, Runnable event, @Nullable Waiter waiter) {
    events.add(new Event(time.isBefore(now) ? now : time, planned++, event, waiter));
  }

  private void live(Runnable process) {
    try {
      process.run();
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      turn.release();
    }
  }

  private void giveTurn(Runnable wake) {
    wake.run();
    turn.acquireUninterruptibly();
  }

  /** Lets the calling process wait. */
  void sleep(Duration duration) {
    var _ = sleepUntil(now.plus(duration));
  }

  @Override
  public boolean sleepUntil(Instant time) {
    Event next = events.peek();
    if (next == null || next.time().isAfter(time)) {
      now = time.isAfter(now) ? time : now;
    } else if (time.isAfter(now)) {
      await(new Waiter(), time);
    }
    return true;
  }

  /**
   * Lets the calling process wait until it is woken or a time is reached. Returns whether it was
   * woken.
   */
  private boolean await(Waiter waiter, Instant until) {
    plan(until, () -> resume(waiter, false), waiter);
    turn.release();
    waiter.permit.acquireUninterruptibly();
    return waiter.woken;
  }

  private void wake(Waiter waiter) {
    plan(now, () -> resume(waiter, true), waiter);
  }

  private void resume(Waiter waiter, boolean woken) {
    waiter.resumed = true;
    waiter.woken = woken;
    giveTurn(waiter.permit::release);
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
        now,
        () -> {
          task.run();
          wake(waiter);
        });
    if (!await(waiter, now.plus(limit))) {
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
    return planProcess(now.plus(delay), task)::cancel;
  }

  /**
   * One thread of an executor cannot be started.
   *
   * @param number of the thread among those that are started from now on, from 1
   */
  public void refuseThread(int number) {
    threadsUntilRefused = number;
  }

  @Override
  public ExecutorService newExecutor() {
    return new VirtualExecutor(
        task -> {
          if (--threadsUntilRefused == 0) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          start(now, task);
        });
  }

  @Override
  public <T> @Nullable T poll(BlockingQueue<T> queue, Duration timeout) {
    T element = queue.poll();
    if (element != null || !timeout.isPositive()) {
      return element;
    }
    var waiter = new Waiter();
    pollers.put(waiter, queue);
    await(waiter, now.plus(timeout));
    pollers.remove(waiter);
    return queue.poll();
  }

  private void wakePollers() {
    List<Waiter> ready =
        pollers.entrySet().stream()
            .filter(poller -> !poller.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    ready.forEach(pollers::remove);
    ready.forEach(this::wake);
  }

  /**
   * Runs all planned events and the events that they cause.
   *
   * @param end later events are not run
   * @return whether there are none
   */
  public boolean run(Instant end) {
    // On a virtual thread like the processes: switching then needs no system call.
    var loop = new FutureTask<>(() -> happen(end), null);
    Thread.ofVirtual().start(loop);
    try {
      loop.get();
      return events.stream().allMatch(Event::isStale);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void happen(Instant end) {
    while (!events.isEmpty() && !events.peek().time().isAfter(end)) {
      Event event = events.remove();
      if (!event.isStale()) {
        now = event.time();
        event.action().run();
        if (!pollers.isEmpty()) {
          wakePollers();
        }
      }
      if (failure != null) {
        throw new IllegalStateException("a process failed", failure);
      }
    }
  }
}
