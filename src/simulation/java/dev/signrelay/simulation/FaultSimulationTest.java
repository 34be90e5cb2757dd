package dev.signrelay.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.simulation.FaultWorld.Run;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Runs all three functions in one failing world for each seed. {@code -Dsimulation.seeds=1000000}
 * runs more, {@code -Dsimulation.first=10001} others, {@code -Dsimulation.seed=42} runs one and
 * prints its trace.
 */
final class FaultSimulationTest {

  private static final long FIRST = Long.getLong("simulation.first", 1);
  private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);

  @Test
  void noFaultBreaksAnInvariant() {
    Long one = Long.getLong("simulation.seed");
    if (one == null) {
      LongStream.range(FIRST, FIRST + SEEDS)
          .parallel()
          .filter(FaultSimulationTest::isViolated)
          .findFirst()
          .ifPresent(seed -> fail(report(seed, FaultWorld.trace(seed, Mutation.NONE))));
      return;
    }
    Run run = FaultWorld.trace(one, Mutation.NONE);
    System.out.println(report(one, run));
    assertThat(run.violations()).isEmpty();
  }

  @Test
  void aSeedReproducesItsTraceLineByLine() {
    for (long seed = 1; seed <= 50; seed++) {
      assertThat(FaultWorld.trace(seed, Mutation.NONE).trace())
          .isEqualTo(FaultWorld.trace(seed, Mutation.NONE).trace())
          .isNotEqualTo(FaultWorld.trace(seed + 1, Mutation.NONE).trace());
    }
  }

  @Test
  void tracingDoesNotChangeTheRun() {
    for (long seed = 1; seed <= 50; seed++) {
      assertThat(FaultWorld.trace(seed, Mutation.NO_JITTER_FLOOR).violations())
          .isEqualTo(FaultWorld.run(seed, Mutation.NO_JITTER_FLOOR).violations());
    }
  }

  @Test
  void everyFaultCrashPointAndDeadLetterReasonOccurs() {
    List<Run> runs =
        LongStream.rangeClosed(1, 1_000)
            .parallel()
            .mapToObj(seed -> FaultWorld.run(seed, Mutation.NONE))
            .toList();

    assertThat(Fault.values())
        .allSatisfy(
            fault ->
                assertThat(runs)
                    .filteredOn(run -> run.faults().contains(fault))
                    .as("runs with %s", fault)
                    .hasSizeGreaterThan(20));
    assertThat(Incident.values())
        .allSatisfy(
            incident ->
                assertThat(runs)
                    .filteredOn(run -> run.incidents().contains(incident))
                    .as("runs with %s", incident)
                    .hasSizeGreaterThan(10));
    assertThat(runs).flatExtracting(Run::crashes).contains(CrashPoint.values());
    assertThat(runs).flatExtracting(Run::actions).contains("purge", "wipe", "redrive");
    assertThat(runs)
        .flatExtracting(Run::deadLetters)
        .containsAll(EnumSet.complementOf(EnumSet.of(Kind.CALLBACK_FORBIDDEN)));
  }

  private static boolean isViolated(long seed) {
    try {
      return !FaultWorld.run(seed, Mutation.NONE).violations().isEmpty();
    } catch (RuntimeException e) {
      throw new IllegalStateException(replay(seed), e);
    }
  }

  private static String report(long seed, Run run) {
    return "%s%nViolations: %s%n%s"
        .formatted(String.join("\n", run.trace()), run.violations(), replay(seed));
  }

  private static String replay(long seed) {
    return "Seed %d. To replay it: mvn test -Dtest=FaultSimulationTest -Dsimulation.seed=%d"
        .formatted(seed, seed);
  }
}
