package dev.signrelay.aws;

import dev.signrelay.time.DelayedTask;
import dev.signrelay.time.TimeSource;
import java.time.Duration;

/**
 * Initializes an SDK client ahead of its first call, once in a process. A client's first call loads
 * classes for longer than a request can wait.
 */
public final class ClientPrimer {

  private final Runnable initialization;
  private volatile boolean primed;

  /**
   * @param initialization sends nothing
   */
  public ClientPrimer(Runnable initialization) {
    this.initialization = initialization;
  }

  /** Initializes the client, unless that has been done. */
  public synchronized void prime() {
    if (!primed) {
      initialization.run();
      primed = true;
    }
  }

  /**
   * Initializes the client in parallel after a delay, unless that has been done or the returned
   * task is closed before.
   */
  public DelayedTask primeAfter(Duration delay, TimeSource time) {
    return primed ? () -> {} : time.runAfter(delay, this::prime);
  }

  /** Notes that a real call has initialized the client. */
  public void skip() {
    primed = true;
  }

  /** Whether the client has been initialized. */
  public boolean isPrimed() {
    return primed;
  }
}
