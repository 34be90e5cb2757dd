package dev.signrelay.benchmark;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import dev.signrelay.benchmark.Results.Section;
import dev.signrelay.destination.AllowedHosts;
import dev.signrelay.destination.AllowedPorts;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.destination.PublicAddresses;
import dev.signrelay.event.EventSerializer;
import dev.signrelay.event.HttpApiEvents;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningResult;
import dev.signrelay.limit.GrantScheduleBenchmark;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.request.CallbackUrlRules;
import dev.signrelay.request.SignRequest;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.RetryDecision;
import dev.signrelay.retry.RetryPolicy;
import dev.signrelay.retry.Stage;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** JMH benchmarks of the code without I/O that requests and retries run. */
@State(Scope.Benchmark)
public class PureFunctionBenchmark {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final URI CALLBACK_URL = URI.create("https://receiver.example.com/inbox?a=b");

  private final EventSerializer serializer = new EventSerializer();
  private final byte[] event = Events.sign("hello world", CALLBACK_URL);

  private final CallbackUrlRules rules =
      new CallbackUrlRules(
          true,
          new DestinationRules(false, AllowedHosts.parse(""), AllowedPorts.parse("443,8443")));

  private final NeedsSignature job =
      new NeedsSignature(
          new Acceptance("8f14e45f-ceea-467f-9d3b-1f3b5c1a1c11", CALLBACK_URL, NOW),
          "hello world",
          3,
          NOW.plusSeconds(40));

  private final String encodedJob = JobCodec.encode(job);

  private final RetryPolicy policy =
      new RetryPolicy(
          new Stage(
              new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(900)), 20, Duration.ofDays(1)),
          new Stage(
              new Backoff(Duration.ofSeconds(20), Duration.ofHours(4)), 10, Duration.ofDays(3)));

  private final SigningResult failed =
      new SigningResult.Called(
          new SigningOutcome.Failed("http-503", Duration.ofSeconds(30)), NOW.minusSeconds(1), NOW);

  private final InetAddress ipv4 = InetAddress.ofLiteral("93.184.215.14");
  private final InetAddress ipv6 = InetAddress.ofLiteral("2606:2800:21f:cb07:6820:80da:af6b:8b2c");

  @Benchmark
  public SignRequest.Parsed parseRequest() {
    APIGatewayV2HTTPEvent request =
        serializer.fromJson(new ByteArrayInputStream(event), APIGatewayV2HTTPEvent.class);
    return SignRequest.parse(HttpApiEvents.rawQuery(request), rules);
  }

  @Benchmark
  public String encodeJob() {
    return JobCodec.encode(job);
  }

  @Benchmark
  public Job decodeJob() {
    return JobCodec.decode(encodedJob);
  }

  @Benchmark
  public RetryDecision decideRetry() {
    return policy.afterSigning(job, failed, NOW, 0.5);
  }

  @Benchmark
  public boolean checkIpv4Address() {
    return PublicAddresses.contains(ipv4);
  }

  @Benchmark
  public boolean checkIpv6Address() {
    return PublicAddresses.contains(ipv6);
  }

  /** Runs these benchmarks and {@link GrantScheduleBenchmark}. */
  static Section measure(boolean quick, Path folder) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(PureFunctionBenchmark.class.getName())
            .include(GrantScheduleBenchmark.class.getName())
            .jvmArgs(
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.MICROSECONDS)
            .forks(1)
            .warmupIterations(quick ? 1 : 3)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(quick ? 1 : 5)
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .output(folder.resolve("jmh.log").toString())
            .build();
    List<Figure> figures = new ArrayList<>();
    for (RunResult run : new Runner(options).run()) {
      Result<?> time = run.getPrimaryResult();
      Result<?> allocation = run.getSecondaryResults().get("gc.alloc.rate.norm");
      String name = "`" + time.getLabel() + "`";
      figures.add(Figure.of(name, time.getScore(), "µs"));
      figures.add(Figure.of(name + ": allocation", allocation.getScore() / 1e3, "KB"));
    }
    return new Section(
        "Pure functions", "By JMH, with the functions' JVM options. 1 KB is 1,000 bytes.", figures);
  }
}
