package dev.signrelay.benchmark;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/**
 * All that one run measured.
 *
 * @param circumstances when, on what, and how often: one line
 */
record Results(String circumstances, List<Section> sections) {

  Results {
    sections = List.copyOf(sections);
  }

  static Results of(Options options, List<Section> sections) {
    String circumstances =
        "%s, Java %s, %d processors, load %.1f, %d rounds, %,d warm requests"
            .formatted(
                Instant.now().truncatedTo(ChronoUnit.MINUTES),
                Runtime.version(),
                Runtime.getRuntime().availableProcessors(),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                options.rounds(),
                options.requests());
    return new Results(circumstances, sections);
  }

  Stream<Figure> promised() {
    return sections.stream().flatMap(s -> s.figures().stream()).filter(f -> f.target() != null);
  }

  /** In a sentence. */
  String verdict() {
    long all = promised().count();
    long met = promised().filter(f -> f.metText().equals("yes")).count();
    return "%d of %d targets are met.".formatted(met, all);
  }
}
