package dev.signrelay.simulation;

import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that {@link FaultSimulationTest} detects every {@link Mutation} of the functions. */
final class FaultSimulationDetectsMutationsTest {

  private static final long SEEDS = 1_000;

  /** Each with a seed of a world that detects it. Other code may need another seed. */
  @ParameterizedTest
  @CsvSource({
    "ACKNOWLEDGE_BEFORE_SEND, NO_JOB_LOST, 31",
    "SWALLOW_A_FAILED_SEND, NO_JOB_LOST, 3",
    "FIRST_RESULT_FOR_ALL, STORED_BEFORE_ACKNOWLEDGED, 129",
    "DROP_THE_SIGNATURE_ON_REQUEUE, SIGNED_ONCE, 4",
    "COUNT_WAITS_AS_ATTEMPTS, ATTEMPTS_COUNTED, 2",
    "NO_JITTER_FLOOR, DELAYS_GROW, 1",
    "CALL_WITHOUT_LIMITER, LIMIT_KEPT, 2",
    "CALL_WITHOUT_LIMITER, PAUSE_KEPT, 679",
    "NEW_ID_ON_REQUEUE, ONE_ID, 1",
    "NO_CAP, EVERY_JOB_ENDS, 2",
    "NOTIFY_BEFORE_THE_DEAD_LETTER, NOTIFIED_ONCE, 2",
    "WAIT_FOR_A_SLOW_UPSTREAM, ANSWERED_IN_TIME, 41",
    "CALLS_NEVER_TIME_OUT, ANSWERED_IN_TIME, 38",
    "WRONG_SIGNATURE, BODY, 1",
    "TAKE_GRANTS_TWICE, LIVE, 2",
    "NEVER_NOTE_AN_EMPTY_LINE, FREE_CALL_USED, 826",
    "STAY_WITH_A_WRONG_CLOCK, LIVE, 17",
    "LOWER_LIMIT_IGNORED, LIMIT_KEPT, 25",
    "STAY_IN_LINE, DELIVERED_ONCE, 1",
    "IGNORE_EXPIRY, EXPIRED_ENDS, 14",
    "DELIVER_WHEN_SIGNED, STORED_BEFORE_DELIVERY, 1",
    "RECORD_BEFORE_THE_DEAD_LETTER, RECORD_HONEST, 3",
    "RECORD_A_DELIVERY_AHEAD, RECORD_HONEST, 1",
    "LAST_RECORD_WINS, RECORD_HONEST, 25",
    "SWALLOW_A_FAILED_RECORD, PROMISE_KEPT, 56",
    "RESERVE_FOR_ALL, ONE_JOB_PER_KEY, 4",
    "IGNORE_THE_FINGERPRINT, ONE_JOB_PER_KEY, 4",
    "CALL_WITHOUT_LEASE, CALL_SHARED, 80",
    "ONE_SIGNATURE_FOR_ALL, BODY, 1",
  })
  void everyMutationBreaksItsInvariant(Mutation mutation, Invariant invariant, long seed) {
    if (!isViolated(seed, mutation, invariant)) {
      OptionalLong other =
          LongStream.rangeClosed(1, SEEDS)
              .filter(s -> isViolated(s, mutation, invariant))
              .findFirst();
      throw new AssertionError(
          "seed %d does not detect %s; the first that does: %s".formatted(seed, mutation, other));
    }
  }

  private static boolean isViolated(long seed, Mutation mutation, Invariant invariant) {
    return World.run(seed, mutation).violations().stream()
        .anyMatch(violation -> violation.invariant() == invariant);
  }
}
