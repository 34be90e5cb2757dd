package dev.signrelay.benchmark;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Measures, prints and writes: see {@link Options#HELP}. */
final class BenchmarkMain {

  private static final Path FOLDER = Path.of("target", "benchmark");

  private final Options options;
  private final OutsideProcess outside;
  private final ClassPaths classPaths;
  private final Functions functions;
  private final List<Section> sections = new ArrayList<>();

  private BenchmarkMain(Options options, OutsideProcess outside) throws Exception {
    this.options = options;
    this.outside = outside;
    classPaths = ClassPaths.read();
    functions = new Functions(classPaths, outside, FOLDER);
  }

  static void main(String[] args) throws Exception {
    Options options = options(args);
    if (options == null || options.help()) {
      System.out.print(Options.HELP);
      System.exit(options == null ? 2 : 0);
    }
    Files.createDirectories(FOLDER);
    Files.deleteIfExists(FOLDER.resolve("functions.log"));
    Results results;
    try (var outside = new OutsideProcess(FOLDER)) {
      results = new BenchmarkMain(options, outside).measure();
    }
    var files = new ResultFiles(results);
    files.write(FOLDER);
    if (options.writeDocs()) {
      files.writeDocs(Path.of("docs"));
    }
    System.out.printf("%n%s Results are in %s.%n", results.verdict(), FOLDER);
    System.exit(0);
  }

  private static @Nullable Options options(String... args) {
    try {
      return Options.parse(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      return null;
    }
  }

  private Results measure() throws Exception {
    if (options.asksFor("cold")) {
      coldStarts();
    }
    if (options.asksFor("warm")) {
      tell("%,d warm requests to each of three functions".formatted(options.requests()));
      try (var requests = new WarmRequests(functions)) {
        requests.measure(options.requests()).forEach(this::add);
      }
    }
    if (options.asksFor("allocation")) {
      tell("allocation");
      add(new Allocations(functions).measure());
    }
    if (options.asksFor("batch")) {
      tell("batches");
      URI counter = URI.create(outside.address("sqs-counter"));
      add(new Batches(functions, counter).measure(options.rounds()));
    }
    if (options.asksFor("jobs")) {
      tell("jobs for " + options.seconds() + " s");
      add(
          new JobsPerSecond(functions, options.processes())
              .measure(Duration.ofSeconds(options.seconds())));
    }
    if (options.asksFor("package")) {
      tell("package");
      add(new PackageSize(classPaths, functions).measure());
    }
    if (options.asksFor("pure")) {
      tell("the pure parts");
      add(PurePartsRun.measure(options.quick()));
    }
    if (options.asksFor("burst")) {
      tell("bursts");
      add(new Bursts(options.quick() ? List.of(60) : List.of(60, 600, 6_000)).measure());
    }
    return Results.of(options, sections);
  }

  private void coldStarts() throws Exception {
    try (var limits = new LimitTable(outside)) {
      var starts = new ColdStarts(ColdCase.of(functions, limits));
      for (int i = 1; i <= options.rounds(); i++) {
        tell("cold starts, round %d of %d".formatted(i, options.rounds()));
        starts.round();
      }
      starts.sections().forEach(this::add);
    }
  }

  private void add(Section section) {
    sections.add(section);
    System.out.print(new TextTable(section).aligned());
    System.out.flush();
  }

  private static void tell(String what) {
    System.out.println("... " + what);
  }
}
