package dev.signrelay.benchmark;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The benchmark's command line.
 *
 * @param rounds of cold starts, each of which starts every function once
 * @param requests warm ones that are measured
 * @param seconds for which jobs are counted
 * @param processes of RetryFunction that work on them
 * @param only the measurements to make; empty: all
 */
record Options(
    boolean help,
    boolean quick,
    int rounds,
    int requests,
    int seconds,
    int processes,
    List<String> only,
    boolean writeDocs) {

  private static final List<String> MEASUREMENTS =
      List.of("cold", "warm", "allocation", "batch", "jobs", "package", "pure", "burst");

  static final String HELP =
      """
      How fast SignRelay is. Takes about ten minutes; the results are in target/benchmark.

      mvn -Pbenchmark test-compile exec:exec@benchmark -Dbenchmark.args="OPTIONS"

        --quick          3 rounds, few requests: shows that it works, proves nothing
        --rounds N       cold starts of each function (15)
        --requests N     warm requests (2000)
        --seconds N      for which jobs are counted (10)
        --processes N    of RetryFunction that work on them (2)
        --only A,B       some of cold, warm, allocation, batch, jobs, package, pure, burst
        --write-docs     also put the results into docs/performance.md and docs/performance.svg
        --help
      """;

  /**
   * @throws IllegalArgumentException if an option is not known or its value is no number
   */
  static Options parse(String... args) {
    Deque<String> rest = new ArrayDeque<>(List.of(args));
    boolean quick = rest.remove("--quick");
    boolean writeDocs = rest.remove("--write-docs");
    boolean help = rest.remove("--help");
    int rounds = quick ? 3 : 15;
    int requests = quick ? 300 : 2_000;
    int seconds = quick ? 3 : 10;
    int processes = 2;
    List<String> only = List.of();
    while (!rest.isEmpty()) {
      String name = rest.remove();
      if (rest.isEmpty()) {
        throw new IllegalArgumentException(name + " is not known or needs a value; see --help");
      }
      String value = rest.remove();
      switch (name) {
        case "--rounds" -> rounds = number(name, value);
        case "--requests" -> requests = number(name, value);
        case "--seconds" -> seconds = number(name, value);
        case "--processes" -> processes = number(name, value);
        case "--only" -> only = measurements(value);
        default -> throw new IllegalArgumentException(name + " is not known; see --help");
      }
    }
    return new Options(help, quick, rounds, requests, seconds, processes, only, writeDocs);
  }

  boolean asksFor(String measurement) {
    return only.isEmpty() || only.contains(measurement);
  }

  private static List<String> measurements(String value) {
    List<String> names = List.of(value.split(","));
    if (!MEASUREMENTS.containsAll(names)) {
      throw new IllegalArgumentException("--only takes some of " + String.join(",", MEASUREMENTS));
    }
    return names;
  }

  private static int number(String name, String value) {
    if (!value.matches("[1-9]\\d{0,5}")) {
      throw new IllegalArgumentException(name + " takes a whole number from 1 to 999999");
    }
    return Integer.parseInt(value);
  }
}
