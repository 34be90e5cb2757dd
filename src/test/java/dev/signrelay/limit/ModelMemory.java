package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * All that a limiter remembers between two operations.
 *
 * @param state the last answer of the store; null: nothing is remembered
 * @param at when it was received, by the clock of the process
 * @param latency of the request that returned it
 * @param existed whether the store ever returned a state, or a grant was claimed
 */
record ModelMemory(@Nullable LimiterState state, Instant at, Duration latency, boolean existed) {

  static final ModelMemory NONE = new ModelMemory(null, Instant.EPOCH, Duration.ZERO, false);

  /** After an answer of the store. */
  ModelMemory with(@Nullable LimiterState answer, Instant sent, Instant received) {
    return new ModelMemory(
        answer, received, Duration.between(sent, received), existed || answer != null);
  }

  /** After a claim of a grant, which shows that there was a state. */
  ModelMemory knowing() {
    return new ModelMemory(state, at, latency, true);
  }

  /** After a request that failed. */
  ModelMemory forgotten() {
    return new ModelMemory(null, Instant.EPOCH, Duration.ZERO, existed);
  }
}
