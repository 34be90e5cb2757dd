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
 * Both functions in as many failing worlds as there are seeds. {@code -Dsimulation.seeds=1000000}
 * tries more, {@code -Dsimulation.first=10001} others, {@code -Dsimulation.seed=42} tells what
 * happens in one.
 */
final class FaultSimulationTest {

  private static final long FIRST = Long.getLong("simulation.first", 1);
  private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);

  @Test
  void whateverFailsEveryPromiseIsKept() {
    Long one = Long.getLong("simulation.seed");
    if (one == null) {
      Seeds.first(FIRST, SEEDS, FaultSimulationTest::isBroken)
          .ifPresent(seed -> fail(told(seed, FaultWorld.trace(seed, Mutation.NONE))));
      return;
    }
    Run run = FaultWorld.trace(one, Mutation.NONE);
    System.out.println(told(one, run));
    assertThat(run.broken()).isEmpty();
  }

  @Test
  void aSeedIsOneRunToTheLastLine() {
    for (long seed = 1; seed <= 50; seed++) {
      assertThat(FaultWorld.trace(seed, Mutation.NONE).trace())
          .isEqualTo(FaultWorld.trace(seed, Mutation.NONE).trace())
          .isNotEqualTo(FaultWorld.trace(seed + 1, Mutation.NONE).trace());
    }
  }

  @Test
  void aRunThatIsToldIsTheOneThatFailed() {
    for (long seed = 1; seed <= 50; seed++) {
      assertThat(FaultWorld.trace(seed, Mutation.NO_JITTER_FLOOR).broken())
          .isEqualTo(FaultWorld.run(seed, Mutation.NO_JITTER_FLOOR).broken());
    }
  }

  @Test
  void noFaultIsSoRareThatItProvesNothing() {
    List<Run> runs = thousandRuns();

    assertThat(Fault.values())
        .allSatisfy(
            fault ->
                assertThat(runs)
                    .filteredOn(run -> run.struck().contains(fault))
                    .as("runs that %s strikes", fault)
                    .hasSizeGreaterThan(50));
    assertThat(runs)
        .flatExtracting(Run::givenUp)
        .containsAll(EnumSet.complementOf(EnumSet.of(Kind.CALLBACK_FORBIDDEN)));
  }

  @Test
  void thereIsNoMomentAtWhichNoProcessDies() {
    assertThat(thousandRuns()).flatExtracting(Run::deaths).contains(CrashPoint.values());
  }

  private static List<Run> thousandRuns() {
    return LongStream.rangeClosed(1, 1_000)
        .mapToObj(seed -> FaultWorld.run(seed, Mutation.NONE))
        .toList();
  }

  private static boolean isBroken(long seed) {
    try {
      return !FaultWorld.run(seed, Mutation.NONE).broken().isEmpty();
    } catch (RuntimeException e) {
      throw new IllegalStateException(replay(seed), e);
    }
  }

  private static String told(long seed, Run run) {
    return "%s%nBroken: %s%n%s"
        .formatted(String.join("\n", run.trace()), run.broken(), replay(seed));
  }

  private static String replay(long seed) {
    return "Seed %d. To see it again: mvn test -Dtest=FaultSimulationTest -Dsimulation.seed=%d"
        .formatted(seed, seed);
  }
}
