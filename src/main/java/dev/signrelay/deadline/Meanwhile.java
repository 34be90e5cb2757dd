package dev.signrelay.deadline;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Something to do while something else is waited for, if that takes long. */
public final class Meanwhile implements AutoCloseable {

  private final CountDownLatch ended = new CountDownLatch(1);

  private Meanwhile() {}

  /**
   * Does the task, on a thread of its own, unless what is waited for has {@linkplain #close()
   * ended} before the head start is over. A task that has begun goes on to its end, which nobody
   * waits for.
   */
  public static Meanwhile run(Duration headStart, Runnable task) {
    var meanwhile = new Meanwhile();
    // No virtual thread: one that computes keeps the others from their processor.
    Thread.ofPlatform().daemon().start(() -> meanwhile.after(headStart, task));
    return meanwhile;
  }

  private void after(Duration headStart, Runnable task) {
    try {
      if (!ended.await(headStart.toNanos(), TimeUnit.NANOSECONDS)) {
        task.run();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
  }
}
