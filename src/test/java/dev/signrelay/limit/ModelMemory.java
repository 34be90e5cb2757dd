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
 * @param existed whether the store ever returned a state
 */
record ModelMemory(@Nullable RateLimitState state, Instant at, Duration latency, boolean existed) {

  static final ModelMemory NONE = new ModelMemory(null, Instant.EPOCH, Duration.ZERO, false);

  /** After an answer of the store. */
  ModelMemory with(@Nullable RateLimitState answer, Instant sent, Instant received) {
    return answer != null && state != null && isOlder(answer.schedule(), state.schedule())
        ? this
        : new ModelMemory(
            answer, received, Duration.between(sent, received), existed || answer != null);
  }

  private static boolean isOlder(GrantSchedule answer, GrantSchedule than) {
    return answer.version().equals(than.version()) && answer.granted() < than.granted();
  }

  /** After a request that failed. */
  ModelMemory forgotten() {
    return new ModelMemory(null, Instant.EPOCH, Duration.ZERO, existed);
  }
}
