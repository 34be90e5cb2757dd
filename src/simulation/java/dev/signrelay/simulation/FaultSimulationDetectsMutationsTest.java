package dev.signrelay.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that {@link FaultSimulationTest} detects every {@link Mutation} of the functions. */
final class FaultSimulationDetectsMutationsTest {

  private static final long SEEDS = 1_000;

  @ParameterizedTest
  @CsvSource({
    "ACKNOWLEDGE_BEFORE_SEND, NO_JOB_LOST",
    "SWALLOW_A_FAILED_SEND, NO_JOB_LOST",
    "FIRST_RESULT_FOR_ALL, STORED_BEFORE_ACKNOWLEDGED",
    "DROP_THE_SIGNATURE_ON_REQUEUE, SIGNED_ONCE",
    "COUNT_WAITS_AS_ATTEMPTS, ATTEMPTS_COUNTED",
    "NO_JITTER_FLOOR, DELAYS_GROW",
    "CALL_WITHOUT_LIMITER, LIMIT_KEPT",
    "CLAIM_ANY_GRANT, LIMIT_KEPT",
    "NEW_ID_ON_REQUEUE, ONE_ID",
    "NO_CAP, EVERY_JOB_ENDS",
    "NOTIFY_BEFORE_THE_DEAD_LETTER, NOTIFIED_ONCE",
    "WAIT_FOR_A_SLOW_UPSTREAM, ANSWERED_IN_TIME",
    "CALLS_NEVER_TIME_OUT, ANSWERED_IN_TIME",
    "WRONG_SIGNATURE, BODY",
    "GRANT_FAR_AHEAD, LIVE",
    "CLAIM_WITHOUT_OWNER, TURN_KEPT",
    "LOWER_LIMIT_IGNORED, LIMIT_KEPT",
    "STAY_IN_LINE, DELIVERED_ONCE",
    "IGNORE_EXPIRY, EXPIRED_ENDS",
    "DELIVER_WHEN_SIGNED, STORED_BEFORE_DELIVERY",
    "RECORD_BEFORE_THE_DEAD_LETTER, RECORD_HONEST",
    "RECORD_A_DELIVERY_AHEAD, RECORD_HONEST",
    "LAST_RECORD_WINS, RECORD_HONEST",
    "SWALLOW_A_FAILED_RECORD, PROMISE_KEPT",
    "RESERVE_FOR_ALL, ONE_JOB_PER_KEY",
    "IGNORE_THE_FINGERPRINT, ONE_JOB_PER_KEY",
    "CALL_WITHOUT_LEASE, CALL_SHARED",
    "ONE_SIGNATURE_FOR_ALL, BODY",
  })
  void everyMutationBreaksItsInvariant(Mutation mutation, Invariant invariant) {
    assertThat(
            LongStream.rangeClosed(1, SEEDS)
                .filter(seed -> isViolated(seed, mutation, invariant))
                .findFirst())
        .as("the first seed that detects it")
        .isPresent();
  }

  private static boolean isViolated(long seed, Mutation mutation, Invariant invariant) {
    return FaultWorld.run(seed, mutation).violations().stream()
        .anyMatch(violation -> violation.invariant() == invariant);
  }
}
