package dev.signrelay.local;

import dev.signrelay.local.UnreliableSigner.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * Simulates an unreliable signing API: the first message, and about half of the others, fail for a
 * limited time after their first call. Some of the other calls are slower than the 1.5 s that
 * SignFunction waits.
 */
public final class FlakyBehaviour implements UnreliableSigner.Behaviour {

  private static final double FAILURE_RATE = 0.5;
  private static final double SLOW_RATE = 0.15;

  /** The first message becomes a job, and its callback arrives a few seconds later. */
  private static final Duration FIRST_FAILURE = Duration.ofSeconds(2);

  private final Duration maxFailure;
  private final RandomGenerator random;
  private final InstantSource clock;
  private final Map<String, Instant> failingUntil = new ConcurrentHashMap<>();
  private final AtomicBoolean isFirst = new AtomicBoolean(true);

  /**
   * @param maxFailure the maximum time for which a message fails, from its first call
   */
  public FlakyBehaviour(Duration maxFailure, RandomGenerator random, InstantSource clock) {
    this.maxFailure = maxFailure;
    this.random = random;
    this.clock = clock;
  }

  @Override
  public Answer answer(String message, int call) {
    Instant until = failingUntil.computeIfAbsent(message, _ -> failureEnd());
    if (clock.instant().isBefore(until)) {
      return new Answer.Fail(random.nextBoolean() ? 500 : 503);
    }
    return random.nextDouble() < SLOW_RATE
        ? new Answer.SignAfter(Duration.ofMillis(random.nextLong(1_000, 3_000)))
        : new Answer.SignAfter(Duration.ofMillis(random.nextLong(20, 300)));
  }

  private Instant failureEnd() {
    if (isFirst.getAndSet(false)) {
      return clock.instant().plus(FIRST_FAILURE);
    }
    return random.nextDouble() < FAILURE_RATE
        ? clock.instant().plusMillis((long) (maxFailure.toMillis() * random.nextDouble(0.2, 1)))
        : Instant.MIN;
  }
}
