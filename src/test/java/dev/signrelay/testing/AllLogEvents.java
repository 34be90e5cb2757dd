package dev.signrelay.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.signrelay.DispatchHandler;
import dev.signrelay.SignHandler;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.json.Json;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.telemetry.FailureEvents;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The log events of one handler for every combination of request or job, outcome and failure of a
 * dependency.
 */
public record AllLogEvents(String function, List<LogEvent> events) {

  private static final List<Consumer<FakeServices>> FAILURES =
      List.of(
          _ -> {},
          fakes -> fakes.queueIsDown = true,
          fakes -> fakes.limiter.isDown = true,
          fakes -> fakes.limiter.wait = Duration.ofSeconds(60),
          fakes -> fakes.limiter.free = 0,
          fakes -> fakes.limiter.refusesClock = true,
          fakes -> fakes.connectsInTime = false,
          fakes -> fakes.limiter.beforeGrants = () -> fakes.limiter.free = 0,
          fakes -> fakes.upstreamKeyIsKnown = false,
          fakes -> fakes.line.isDown = true,
          fakes -> fakes.with("JOB_TABLE", "jobs").jobTable.isDown = true,
          fakes -> fakes.refused = _ -> true,
          fakes -> {
            reuseSignatures(fakes);
            JobTable table = fakes.jobTable.direct();
            table.storeSignature("message", "signature", FakeServices.START, Duration.ZERO);
            table.storeSignature("hello world", "signature", FakeServices.START, Duration.ZERO);
          },
          fakes -> {
            reuseSignatures(fakes);
            fakes.jobTable.refused.add(FakeJobTable.Method.LEASE_SIGNATURE);
          });

  private static final List<Function<String, SigningOutcome>> UPSTREAMS =
      List.of(
          _ -> new SigningOutcome.Signed("signature"),
          _ -> new SigningOutcome.Rejected("http-400"),
          _ -> FakeServices.failed("http-503"),
          _ -> new SigningOutcome.KeyRefused("http-401", null),
          AllLogEvents::fail);

  private static final List<Function<FakeServices.Delivery, DeliveryOutcome>> RECEIVERS =
      List.of(
          _ -> new DeliveryOutcome.Delivered("http-204"),
          _ -> new DeliveryOutcome.Gone("http-410"),
          _ -> new DeliveryOutcome.Forbidden("forbidden-url"),
          _ -> FakeServices.undelivered("http-503", null),
          AllLogEvents::fail);

  /** The services of the fakes do not read secrets. */
  private static final LogEvent SECRET_NOT_READ =
      FailureEvents.secretNotRead(
          "CRYPTO_CLIENT_API_KEY_ARN", new SecretUnavailableException("no answer", null), null);

  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://receiver.example/"), FakeServices.START);

  private static final Acceptance LONG_AGO =
      new Acceptance(
          "id-2", ACCEPTANCE.callbackUrl(), FakeServices.START.minus(Duration.ofDays(3)));

  private static final Acceptance EXPIRED =
      new Acceptance("id-3", LONG_AGO.callbackUrl(), LONG_AGO.at(), FakeServices.START, "");

  /**
   * A job of each stage at its first and at its last attempt, a job that is not due, an expired
   * one, and a malformed message.
   */
  private static final QueueBatch JOBS =
      QueueBatch.of(
              NeedsSignature.first(ACCEPTANCE, "message"),
              new NeedsSignature(LONG_AGO, "message", 20, null, LONG_AGO.at()),
              new NeedsSignature(
                  ACCEPTANCE, "message", 2, FakeServices.START.plusSeconds(600), ACCEPTANCE.at()),
              new NeedsSignature(EXPIRED, "message", 2, null, EXPIRED.at()),
              new NeedsCallback(ACCEPTANCE, "signature", 1, null, ACCEPTANCE.at(), 1),
              new NeedsCallback(LONG_AGO, "signature", 10, null, LONG_AGO.at(), 1))
          .with("poison", "no job");

  private static void reuseSignatures(FakeServices fakes) {
    fakes.with("JOB_TABLE", "jobs").with("SIGNATURE_CACHE_SECONDS", "60");
  }

  public static List<AllLogEvents> ofAllFunctions() {
    return Made.ONCE;
  }

  /**
   * The events for all tests. They are made in a class of their own: the functions' threads run
   * code of the class above, and would wait for the end of its initialization.
   */
  private static final class Made {
    static final List<AllLogEvents> ONCE =
        List.of(ofSignFunction(), ofRetryFunction(), ofDispatchFunction());
  }

  private static AllLogEvents ofSignFunction() {
    var events = new ArrayList<LogEvent>();
    for (SignCase request : SignCase.values()) {
      for (Consumer<FakeServices> failure : FAILURES) {
        var fakes = new FakeServices();
        failure.accept(fakes);
        request.answerWith(fakes);
        events.addAll(fakes.log);
      }
    }
    events.addAll(ofRequestsWithAKey());
    for (Consumer<FakeServices> failure : FAILURES) {
      var fakes = new FakeServices();
      failure.accept(fakes);
      new SignHandler(fakes.services()).handleRequest(ApiEvents.job("id-1", Map.of()), null);
      events.addAll(fakes.log);
    }
    events.add(SECRET_NOT_READ);
    return new AllLogEvents("SignFunction", events);
  }

  /** A request of a client with a name, its repeat, and one while the table is down. */
  private static List<LogEvent> ofRequestsWithAKey() {
    FakeServices fakes =
        new FakeServices()
            .with("JOB_TABLE", "jobs")
            .with("CLIENT_API_KEYS", "shop:0123456789abcdef");
    ObjectNode event = Json.object().put("rawQueryString", "message=m");
    event.putObject("headers").put("idempotency-key", "key").put("x-api-key", "0123456789abcdef");
    fakes.answer(event);
    fakes.answer(event);
    fakes.jobTable.isDown = true;
    fakes.answer(event);
    return fakes.log;
  }

  private static AllLogEvents ofRetryFunction() {
    var events = new ArrayList<LogEvent>();
    for (Consumer<FakeServices> failure : FAILURES) {
      for (Function<String, SigningOutcome> upstream : UPSTREAMS) {
        for (Function<FakeServices.Delivery, DeliveryOutcome> receiver : RECEIVERS) {
          FakeServices fakes = new FakeServices().with("CALLBACK_ON_FAILURE", "true");
          failure.accept(fakes);
          fakes.upstream = upstream;
          fakes.receiver = receiver;
          JOBS.failed(fakes);
          events.addAll(fakes.log);
        }
      }
    }
    events.add(SECRET_NOT_READ);
    return new AllLogEvents("RetryFunction", events);
  }

  private static AllLogEvents ofDispatchFunction() {
    var events = new ArrayList<LogEvent>();
    for (Consumer<FakeServices> failure : FAILURES) {
      for (Function<String, SigningOutcome> upstream : UPSTREAMS) {
        var time = new SimulatedTime();
        FakeServices fakes = new FakeServices(time).with("CALLBACK_ON_FAILURE", "true");
        fakes.upstream = upstream;
        fakes
            .line
            .join(NeedsSignature.first(ACCEPTANCE, "message"))
            .join(new NeedsSignature(LONG_AGO, "message", 20, null, LONG_AGO.at()))
            .join(new NeedsSignature(EXPIRED, "message", 2, null, EXPIRED.at()))
            .join("no job");
        failure.accept(fakes);
        events.addAll(ofRun(fakes, time));
      }
    }
    events.addAll(ofJobsThatAreNotCalled());
    events.add(SECRET_NOT_READ);
    return new AllLogEvents("DispatchFunction", events);
  }

  /** One has expired; another run takes the call of the other after it was received. */
  private static List<LogEvent> ofJobsThatAreNotCalled() {
    var time = new SimulatedTime();
    var fakes = new FakeServices(time);
    fakes
        .line
        .join(new NeedsSignature(EXPIRED, "message", 2, null, EXPIRED.at()))
        .join(NeedsSignature.first(ACCEPTANCE, "message"));
    fakes.limiter.free = 1;
    fakes.limiter.beforeGrants = () -> fakes.limiter.free = 0;
    return ofRun(fakes, time);
  }

  private static List<LogEvent> ofRun(FakeServices fakes, SimulatedTime time) {
    var handler = new DispatchHandler(fakes.services());
    var function = new LambdaFunction("DispatchFunction", handler, Duration.ofSeconds(180), time);
    var _ = time.run(() -> function.invoke("{}"));
    return fakes.log;
  }

  /** The metrics in the events. */
  public Set<Metric> metrics() {
    return events.stream()
        .flatMap(event -> event.measurements().keySet().stream())
        .collect(Collectors.toSet());
  }

  /** The events as the function writes them. */
  public List<JsonNode> lines() {
    return LogAssertions.written(events, function).lines().map(LogAssertions::json).toList();
  }

  private static <T> T fail(Object input) {
    throw new IllegalStateException(input.toString());
  }
}
