package dev.signrelay.simulation;

import dev.signrelay.testing.FakeSignatureCache;
import java.time.Duration;
import java.time.InstantSource;

/** The signatures in the table. Each process reads them by its own clock. */
final class SimulatedSignatures {

  private final FakeSignatureCache cache;
  private InstantSource clock;

  SimulatedSignatures(InstantSource clock, Duration reuse) {
    this.clock = clock;
    this.cache = new FakeSignatureCache(() -> this.clock.instant(), reuse);
  }

  /** The cache, for one request of the process that has this clock. */
  FakeSignatureCache by(InstantSource newClock) {
    clock = newClock;
    return cache;
  }
}
