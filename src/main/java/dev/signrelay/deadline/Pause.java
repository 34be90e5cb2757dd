package dev.signrelay.deadline;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Waits for a time of day. */
@FunctionalInterface
public interface Pause {

  /**
   * Returns at once if the time has come.
   *
   * @return false if the thread was interrupted before it came; the thread then still is
   */
  boolean until(Instant time);

  /** On a clock that may be set while it is waited for. */
  static Pause on(InstantSource clock) {
    return time -> {
      try {
        Duration wait = Duration.between(clock.instant(), time);
        while (wait.isPositive()) {
          Thread.sleep(wait);
          wait = Duration.between(clock.instant(), time);
        }
        return true;
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    };
  }
}
