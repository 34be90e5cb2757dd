package dev.signrelay.aws;

import dev.signrelay.time.TimeSource;
import dev.signrelay.time.TimeSource.DelayedTask;
import java.time.Duration;

/**
 * Initializes SDK clients before their first calls, once. Without it, a client's first call loads
 * classes, which can take longer than a request can wait.
 */
public final class ClientPrimer {

  private final Runnable initialization;
  private volatile boolean primed;

  /**
   * @param initialization must send nothing: it may run before a snapshot
   */
  public ClientPrimer(Runnable initialization) {
    this.initialization = initialization;
  }

  public synchronized void prime() {
    if (!primed) {
      initialization.run();
      primed = true;
    }
  }

  /** Initializes the clients in parallel after a delay, or at once if it is not positive. */
  public DelayedTask primeAfter(Duration delay, TimeSource time) {
    return primed
        ? () -> {}
        : time.runAfter(delay.isPositive() ? delay : Duration.ZERO, this::prime);
  }
}
