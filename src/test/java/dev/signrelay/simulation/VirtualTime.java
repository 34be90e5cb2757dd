package dev.signrelay.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Time that passes only while somebody sleeps. What happens at a time is an event; what takes time
 * is a process, which has a thread of its own and sleeps. Of all processes one runs at a time,
 * until it sleeps or ends: so events happen in the order of their times, those of the same time in
 * the order they were planned in, and a run depends on nothing else.
 *
 * <p>A process may hand work to other threads as long as it waits for them, as the handlers do:
 * whichever thread sleeps, the process sleeps.
 */
final class VirtualTime implements InstantSource {

  private record Event(Instant time, long number, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparing(Event::time).thenComparingLong(Event::number));
  private final Semaphore turn = new Semaphore(0);
  private Instant now;
  private long planned;
  private volatile @Nullable Throwable failure;

  VirtualTime(Instant start) {
    this.now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Plans an event, which must not sleep. */
  void at(Instant time, Runnable event) {
    events.add(new Event(time.isBefore(now) ? now : time, planned++, event));
  }

  /** Plans the beginning of a process. */
  void start(Instant time, Runnable process) {
    at(time, () -> giveTurn(() -> Thread.ofVirtual().start(() -> live(process))));
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

  /** Lets time pass for the process that calls this. */
  void sleep(Duration duration) {
    sleepUntil(now.plus(duration));
  }

  /** Returns at once if the time has come. */
  void sleepUntil(Instant time) {
    Event next = events.peek();
    if (next == null || next.time().isAfter(time)) {
      now = time.isAfter(now) ? time : now;
    } else if (time.isAfter(now)) {
      var woken = new Semaphore(0);
      at(time, () -> giveTurn(woken::release));
      turn.release();
      try {
        woken.acquire();
      } catch (InterruptedException e) {
        failure = e;
        throw new IllegalStateException("a limit of real time was reached", e);
      }
    }
  }

  /**
   * Lets everything happen that is planned, and what follows from it.
   *
   * @param end what would be after that does not happen any more
   * @return whether nothing would
   */
  boolean run(Instant end) {
    // On a virtual thread like the processes: to change over then takes no kernel.
    var loop = new FutureTask<>(() -> happen(end), null);
    Thread.ofVirtual().start(loop);
    try {
      loop.get();
      return events.isEmpty();
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
      now = event.time();
      event.action().run();
      if (failure != null) {
        throw new IllegalStateException("a process failed", failure);
      }
    }
  }
}
