package dev.signrelay.benchmark;

import dev.signrelay.limit.ScheduleArithmetic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link PureParts} and {@link ScheduleArithmetic} with JMH: time and allocation. */
final class PurePartsRun {

  private static final Map<String, String> NAMES = names();

  private PurePartsRun() {}

  private static Map<String, String> names() {
    var names = new LinkedHashMap<String, String>();
    names.put("parseRequest", "Read a request with a callback");
    names.put("encodeJob", "Encode a job");
    names.put("decodeJob", "Decode a job");
    names.put("decideRetry", "Decide on a retry");
    names.put("count", "Limit: get in line");
    names.put("renew", "Limit: write the schedule anew, N = 10");
    names.put("checkIpv4Address", "Check an IPv4 address");
    names.put("checkIpv6Address", "Check an IPv6 address");
    return names;
  }

  static Section measure(boolean quick) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(PureParts.class.getName() + "\\..*")
            .include(ScheduleArithmetic.class.getName() + "\\..*")
            .jvmArgs(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .warmupIterations(quick ? 1 : 3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(quick ? 1 : 5)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .output(Path.of("target", "benchmark", "jmh.log").toString())
            .build();
    Map<String, RunResult> results = new LinkedHashMap<>();
    for (RunResult result : new Runner(options).run()) {
      String name = result.getParams().getBenchmark();
      results.put(name.substring(name.lastIndexOf('.') + 1), result);
    }
    List<Figure> figures = new ArrayList<>();
    NAMES.forEach(
        (method, name) -> {
          RunResult result = results.get(method);
          double nanos = result.getPrimaryResult().getScore();
          double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
          figures.add(Figure.of(name, nanos / 1e3, "µs"));
          figures.add(Figure.of(name + ": allocates", bytes / 1e3, "KB"));
        });
    return new Section(
        "The pure parts",
        "By JMH, with the options of the functions. KB are 1,000 bytes.",
        figures);
  }
}
