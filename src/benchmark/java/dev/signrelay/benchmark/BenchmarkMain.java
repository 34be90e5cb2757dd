package dev.signrelay.benchmark;

import dev.signrelay.benchmark.Results.Section;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: runs the benchmarks, prints the results and writes them to a folder. */
@Command(
    name = "benchmark",
    description =
        "Measures SignRelay. Takes about ten minutes; the results are in target/benchmark.",
    sortOptions = false)
final class BenchmarkMain implements Callable<Integer> {

  enum Measurement {
    COLD,
    WARM,
    BATCH,
    JOBS,
    PACKAGE,
    PURE,
    BURST
  }

  private static final Path FOLDER = Path.of("target", "benchmark");

  @Spec private CommandSpec spec;

  @Option(names = "--quick", description = "3 rounds, 300 requests, 3 seconds: a smoke test")
  private boolean quick;

  @Option(names = "--rounds", description = "cold starts of each function; default: 15")
  private @Nullable Integer rounds;

  @Option(names = "--requests", description = "measured warm requests; default: 2000")
  private @Nullable Integer requests;

  @Option(names = "--seconds", description = "duration of the throughput test; default: 10")
  private @Nullable Integer seconds;

  @Option(names = "--processes", description = "of the throughput test; default: 2")
  private int processes = 2;

  @Option(names = "--only", split = ",", description = "some of ${COMPLETION-CANDIDATES}")
  private Set<Measurement> only = EnumSet.allOf(Measurement.class);

  @Option(names = "--write-docs", description = "also replaces the results in docs/performance.md")
  private boolean writeDocs;

  @Option(names = "--help", usageHelp = true, description = "prints this text")
  private boolean help;

  static void main(String[] args) {
    System.exit(commandLine(new BenchmarkMain()).execute(args));
  }

  static CommandLine commandLine(BenchmarkMain main) {
    return new CommandLine(main).setCaseInsensitiveEnumValuesAllowed(true);
  }

  int rounds() {
    return rounds != null ? rounds : quick ? 3 : 15;
  }

  int requests() {
    return requests != null ? requests : quick ? 300 : 2_000;
  }

  int seconds() {
    return seconds != null ? seconds : quick ? 3 : 10;
  }

  @Override
  public Integer call() throws Exception {
    if (Stream.of(rounds(), requests(), seconds(), processes).anyMatch(number -> number < 1)) {
      throw new ParameterException(spec.commandLine(), "Numbers must be positive");
    }
    Files.createDirectories(FOLDER);
    List<Section> sections = new ArrayList<>();
    try (var backends = new Backends(FOLDER)) {
      var functions = new Functions(backends, FOLDER);
      for (Measurement measurement : new TreeSet<>(only)) {
        System.out.println("... " + measurement);
        for (Section section : measure(measurement, functions)) {
          sections.add(section);
          System.out.print(section.markdown());
        }
      }
    }
    var results = new Results(conditions(), sections);
    results.write(FOLDER);
    if (writeDocs) {
      results.writeDocs(Path.of("docs", "performance.md"));
    }
    System.out.printf("%n%s Results are in %s.%n", results.verdict(), FOLDER);
    return 0;
  }

  private List<Section> measure(Measurement measurement, Functions functions) throws Exception {
    return switch (measurement) {
      case COLD -> {
        var starts = new ColdStartBenchmark(functions);
        for (int i = 1; i <= rounds(); i++) {
          System.out.printf("... round %d of %d%n", i, rounds());
          starts.runRound();
        }
        yield starts.sections();
      }
      case WARM -> {
        try (var warm = new WarmRequestBenchmark(functions)) {
          yield warm.measure(requests());
        }
      }
      case BATCH -> List.of(new RetryBenchmark(functions).batches(rounds()));
      case JOBS -> List.of(new RetryBenchmark(functions).throughput(processes, seconds()));
      case PACKAGE -> List.of(new PackageBenchmark(functions, FOLDER).measure());
      case PURE -> List.of(PureFunctionBenchmark.measure(quick, FOLDER));
      case BURST -> List.of(BurstBenchmark.measure(quick ? List.of(60) : List.of(60, 600, 6_000)));
    };
  }

  private String conditions() {
    return "%s, Java %s, %d processors, load %.1f, %d rounds, %,d warm requests"
        .formatted(
            Instant.now().truncatedTo(ChronoUnit.MINUTES),
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            rounds(),
            requests());
  }
}
