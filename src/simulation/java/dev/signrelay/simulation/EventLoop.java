package dev.signrelay.simulation;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Runs events and processes in virtual time. Events are instantaneous. Processes take time, and
 * each has its own thread. One process runs at a time, until it waits or ends; events happen in the
 * order of their times, and events of the same time in the order in which they were planned.
 * Nothing else influences a run.
 */
final class EventLoop {

  /** A process that waits, or a process that has not begun. */
  static final class Waiter {
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
  private final Semaphore turn = new Semaphore(0);
  private final Runnable afterEvent;
  private Instant now;
  private long planned;
  private volatile @Nullable Throwable failure;

  /**
   * @param afterEvent runs after each event
   */
  EventLoop(Instant start, Runnable afterEvent) {
    this.now = start;
    this.afterEvent = afterEvent;
  }

  Instant now() {
    return now;
  }

  /** Plans an event, which must not wait. */
  void at(Instant time, Runnable event) {
    plan(time, event, null);
  }

  /** Plans the beginning of a process, unless the returned waiter is cancelled before. */
  Waiter start(Instant time, Runnable process) {
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

  /** Lets the calling process wait until a time. */
  void sleepUntil(Instant time) {
    Event next = events.peek();
    if (next == null || next.time().isAfter(time)) {
      now = time.isAfter(now) ? time : now;
    } else if (time.isAfter(now)) {
      await(new Waiter(), time);
    }
  }

  /**
   * Lets the calling process wait until it is woken or a time is reached. Returns whether it was
   * woken.
   */
  boolean await(Waiter waiter, Instant until) {
    plan(until, () -> resume(waiter, false), waiter);
    turn.release();
    waiter.permit.acquireUninterruptibly();
    return waiter.woken;
  }

  void wake(Waiter waiter) {
    plan(now, () -> resume(waiter, true), waiter);
  }

  private void resume(Waiter waiter, boolean woken) {
    waiter.resumed = true;
    waiter.woken = woken;
    giveTurn(waiter.permit::release);
  }

  /**
   * Runs all planned events and the events that they cause.
   *
   * @param end later events are not run
   * @return whether there are none
   */
  boolean run(Instant end) {
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
        afterEvent.run();
      }
      if (failure != null) {
        throw new IllegalStateException("a process failed", failure);
      }
    }
  }
}
