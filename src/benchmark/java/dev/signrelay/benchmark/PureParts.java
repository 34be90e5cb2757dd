package dev.signrelay.benchmark;

import dev.signrelay.destination.AllowedHosts;
import dev.signrelay.destination.AllowedPorts;
import dev.signrelay.destination.DestinationRules;
import dev.signrelay.destination.PublicAddresses;
import dev.signrelay.event.HttpApiRequest;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.request.CallbackUrlRules;
import dev.signrelay.request.SignRequest;
import dev.signrelay.retry.Backoff;
import dev.signrelay.retry.RetryDecision;
import dev.signrelay.retry.RetryPolicy;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What a request and a retry do in the processor alone. */
@State(Scope.Benchmark)
public class PureParts {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final byte[] event = Events.sign("hello world", "https://receiver.example.com/inbox?a=b");

  private final CallbackUrlRules rules =
      new CallbackUrlRules(
          true,
          new DestinationRules(false, AllowedHosts.parse(""), AllowedPorts.parse("443,8443")));

  private final NeedsSignature job =
      new NeedsSignature(
          new Acceptance(
              "8f14e45f-ceea-467f-9d3b-1f3b5c1a1c11",
              URI.create("https://receiver.example.com/inbox?a=b"),
              NOW),
          "hello world",
          3,
          NOW.plusSeconds(40));

  private final String text = JobCodec.encode(job);

  private final RetryPolicy policy =
      new RetryPolicy(new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(900)), 20, 10);

  private final SigningOutcome failed =
      new SigningOutcome.Retryable("http-503", Duration.ofSeconds(30));

  private final InetAddress ipv4;
  private final InetAddress ipv6;

  public PureParts() {
    try {
      ipv4 = InetAddress.getByName("93.184.215.14");
      ipv6 = InetAddress.getByName("2606:2800:21f:cb07:6820:80da:af6b:8b2c");
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // literals need no resolver
    }
  }

  @Benchmark
  public SignRequest.Parsed parseRequest() throws Exception {
    HttpApiRequest request = HttpApiRequest.read(new ByteArrayInputStream(event));
    return SignRequest.parse(request.rawQuery(), rules);
  }

  @Benchmark
  public String encodeJob() {
    return JobCodec.encode(job);
  }

  @Benchmark
  public Job decodeJob() {
    return JobCodec.decode(text);
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
}
