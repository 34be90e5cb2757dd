package dev.signrelay.ops;

import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** Spreads steps evenly: each begins at least an interval after the one before. */
final class Pace {

  private final TimeSource time;
  private final Duration interval;
  private Instant next = Instant.MIN;

  Pace(TimeSource time, Duration interval) {
    this.time = time;
    this.interval = interval;
  }

  void await() {
    if (!time.sleepUntil(next)) {
      throw new OpsException("Interrupted");
    }
    next = time.instant().plus(interval);
  }
}
