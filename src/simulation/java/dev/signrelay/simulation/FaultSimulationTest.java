package dev.signrelay.simulation;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.simulation.World.Run;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * Runs all three functions in one failing world for each seed. The seeds are drawn afresh each time
 * and printed. {@code -Dsimulation.seeds=1000000} runs more, {@code -Dsimulation.first=10001}
 * others, {@code -Dsimulation.seed=42} runs one and prints its trace.
 */
@Order(1)
final class FaultSimulationTest {

  private static final long SEEDS = Long.getLong("simulation.seeds", 1_000);

  private static final int MOST_REPORTED = 20;

  /** With fewer runs, a rare fault may not occur. */
  private static final long ENOUGH = 1_000;

  private record Seeded(long seed, Run run) {

    /** The trace is made again when it is needed. */
    static Seeded of(long seed) {
      try {
        return new Seeded(seed, World.run(seed, Mutation.NONE));
      } catch (RuntimeException e) {
        throw new IllegalStateException(replay(seed), e);
      }
    }
  }

  @Test
  void noFaultBreaksAnInvariantAndEveryFaultOccurs() {
    Long one = Long.getLong("simulation.seed");
    if (one != null) {
      Run run = World.trace(one, Mutation.NONE);
      System.out.println(String.join("\n", run.trace()));
      assertThat(run.violations()).isEmpty();
      return;
    }
    long first = Long.getLong("simulation.first", ThreadLocalRandom.current().nextLong(1L << 40));
    System.out.printf("Simulated worlds: %,d, with the seeds from %d%n", SEEDS, first);
    List<Seeded> runs =
        LongStream.range(first, first + SEEDS).parallel().mapToObj(Seeded::of).toList();

    List<Seeded> violated = runs.stream().filter(r -> !r.run().violations().isEmpty()).toList();
    if (!violated.isEmpty()) {
      fail(report(violated));
    }
    if (SEEDS >= ENOUGH) {
      everythingOccurs(runs.stream().map(Seeded::run).toList());
    }
  }

  /** In 1,000 runs, each is expected more than 30 times. */
  private static void everythingOccurs(List<Run> runs) {
    assertThat(runs).flatExtracting(Run::faults).contains(Fault.values());
    assertThat(runs).flatExtracting(Run::incidents).contains(Incident.values());
    assertThat(runs).flatExtracting(Run::crashes).contains(CrashPoint.values());
    assertThat(runs).flatExtracting(Run::actions).contains("purge", "wipe", "redrive", "pause");
    Set<Kind> never = EnumSet.of(Kind.CALLBACK_FORBIDDEN, Kind.MALFORMED);
    assertThat(runs)
        .flatExtracting(Run::deadLetters)
        .containsAll(EnumSet.complementOf(EnumSet.copyOf(never)));
  }

  private static String report(List<Seeded> violated) {
    Seeded first = violated.getFirst();
    return "%s%n%d worlds break an invariant:%n%s"
        .formatted(
            String.join("\n", World.trace(first.seed(), Mutation.NONE).trace()),
            violated.size(),
            violated.stream()
                .limit(MOST_REPORTED)
                .map(one -> one.run().violations().getFirst() + "\n" + replay(one.seed()))
                .collect(joining("\n")));
  }

  private static String replay(long seed) {
    return "To replay it: mvn test -Dtest=FaultSimulationTest -Dsimulation.seed=" + seed;
  }

  @Test
  void aSeedReproducesItsTraceLineByLineAndWithoutATraceItsViolations() {
    for (long seed = 1; seed <= 10; seed++) {
      Run run = World.trace(seed, Mutation.NO_JITTER_FLOOR);
      assertThat(run.trace())
          .isEqualTo(World.trace(seed, Mutation.NO_JITTER_FLOOR).trace())
          .isNotEqualTo(World.trace(seed + 1, Mutation.NO_JITTER_FLOOR).trace());
      assertThat(run.violations())
          .isEqualTo(World.run(seed, Mutation.NO_JITTER_FLOOR).violations());
    }
  }
}
