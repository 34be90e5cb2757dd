package dev.signrelay.benchmark;

import static dev.signrelay.benchmark.Results.Table.COST;
import static dev.signrelay.benchmark.Results.Table.FIRST_MINUTE;
import static dev.signrelay.benchmark.Results.Table.TARGETS;

import dev.signrelay.benchmark.Results.Table;
import dev.signrelay.testing.RuntimeJars;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
        "Measures SignRelay. Takes 40 to 60 minutes; the results are in target/benchmark.",
    sortOptions = false)
final class BenchmarkMain implements Callable<Integer> {

  enum Measurement {
    COLD(TARGETS),
    WARM(TARGETS),
    PACKAGE(TARGETS),
    BATCH(COST),
    JOBS(COST),
    LINE(COST),
    START(FIRST_MINUTE);

    private final Table table;

    Measurement(Table table) {
      this.table = table;
    }
  }

  private static final Path FOLDER = Path.of("target", "benchmark");
  private static final double MAX_PACKAGE_MEGABYTES = 12;

  @Spec private CommandSpec spec;

  @Option(names = "--quick", description = "3 rounds, 300 requests, 3 seconds: a smoke test")
  private boolean quick;

  @Option(names = "--rounds", description = "starts of each function; default: 15")
  private @Nullable Integer rounds;

  @Option(names = "--requests", description = "measured warm requests; default: 2000")
  private @Nullable Integer requests;

  @Option(names = "--seconds", description = "duration of the throughput test; default: 10")
  private @Nullable Integer seconds;

  @Option(names = "--processes", description = "of the throughput test; default: 2")
  private int processes = 2;

  @Option(names = "--only", split = ",", description = "some of ${COMPLETION-CANDIDATES}")
  private Set<Measurement> only = EnumSet.allOf(Measurement.class);

  @Option(
      names = "--jvm",
      description = "JVM options of the functions, with spaces between; default: the template's")
  private @Nullable String jvm;

  @Option(
      names = "--beside",
      description = "the folder of another, built release, whose starts are measured too")
  private @Nullable Path beside;

  @Option(
      names = "--write-docs",
      description = "also replaces the tables in docs/performance.md that were measured")
  private boolean writeDocs;

  @Option(names = "--help", usageHelp = true, description = "prints this text")
  private boolean help;

  private final Map<Table, List<Figure>> tables = new EnumMap<>(Table.class);

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
    try (var backends = new Backends(FOLDER)) {
      var functions = new Functions(backends, FOLDER, Path.of(""), jvm);
      for (Measurement measurement : EnumSet.copyOf(only)) {
        System.out.println("... " + measurement);
        tables
            .computeIfAbsent(measurement.table, _ -> new ArrayList<>())
            .addAll(measure(measurement, functions));
        results().write(FOLDER);
      }
    }
    if (writeDocs) {
      results().writeDocs(Path.of("docs", "performance.md"), complete());
    }
    System.out.printf("%n%s%nResults are in %s.%n", results().markdown(), FOLDER);
    return 0;
  }

  private Results results() {
    return new Results(conditions(), tables);
  }

  /** The tables of which all measurements were made. */
  private Set<Table> complete() {
    Set<Table> complete = EnumSet.allOf(Table.class);
    EnumSet.complementOf(EnumSet.copyOf(only)).forEach(missing -> complete.remove(missing.table));
    return complete;
  }

  private List<Figure> measure(Measurement measurement, Functions functions) throws Exception {
    return switch (measurement) {
      case COLD -> {
        var starts = new StartBenchmark(functions);
        if (beside != null) {
          starts.addReleaseBeside(new Functions(functions.backends(), FOLDER, beside, jvm));
        }
        for (int i = 1; i <= rounds(); i++) {
          System.out.printf("... round %d of %d%n", i, rounds());
          starts.runRound();
        }
        yield starts.figures();
      }
      case WARM -> {
        try (var warm = new WarmRequestBenchmark(functions)) {
          yield warm.measure(requests());
        }
      }
      case PACKAGE ->
          List.of(
              Figure.of("Package, zipped", RuntimeJars.read().zippedPackageBytes() / 1e6, "MB")
                  .atMost(MAX_PACKAGE_MEGABYTES));
      case BATCH -> new RetryBenchmark(functions).batches(rounds());
      case JOBS -> new RetryBenchmark(functions).throughput(processes, seconds());
      case LINE -> new DispatchBenchmark(functions).processorTime();
      case START -> FirstMinute.measure(FOLDER.resolve("first-minute").toAbsolutePath());
    };
  }

  private String conditions() {
    return "%s, Java %s, %d processors, %d rounds, %,d warm requests%s"
        .formatted(
            Instant.now().truncatedTo(ChronoUnit.MINUTES),
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            rounds(),
            requests(),
            jvm == null ? "" : ", " + jvm);
  }
}
