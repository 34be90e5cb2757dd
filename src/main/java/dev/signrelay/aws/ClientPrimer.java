package dev.signrelay.aws;

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

  /** Whether the client has been initialized. */
  public boolean isPrimed() {
    return primed;
  }
}
