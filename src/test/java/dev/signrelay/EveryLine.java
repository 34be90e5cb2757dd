package dev.signrelay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.hostile.Written;
import dev.signrelay.log.JsonLines;
import dev.signrelay.log.LogEvent;
import dev.signrelay.log.Metric;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.upstream.SigningOutcome;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The log of one of the real handlers, after everything that can become of a request and of a job
 * has become of one.
 */
record EveryLine(String function, List<LogEvent> events) {

  private static final List<Consumer<Parts>> TROUBLES =
      List.of(
          _ -> {},
          parts -> parts.queueIsDown = true,
          parts -> parts.limiter.isDown = true,
          parts -> parts.limiter.wait = Duration.ofSeconds(60));

  private static final List<Function<String, SigningOutcome>> UPSTREAMS =
      List.of(
          _ -> new SigningOutcome.Signed("signature"),
          _ -> new SigningOutcome.Rejected("http-400"),
          _ -> Parts.unsigned("http-503"),
          _ -> Parts.unsigned("http-401"),
          EveryLine::fail);

  private static final List<Function<Parts.Delivery, DeliveryOutcome>> RECEIVERS =
      List.of(
          _ -> new DeliveryOutcome.Delivered("http-204"),
          _ -> new DeliveryOutcome.Gone("http-410"),
          _ -> new DeliveryOutcome.Forbidden("forbidden-url"),
          _ -> Parts.undelivered("http-503", null),
          EveryLine::fail);

  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://receiver.example/"), Parts.START);

  /** One that has just come, one at its last attempt and one that is not due, and no job. */
  private static final Batch JOBS =
      Batch.of(
              new NeedsSignature(ACCEPTANCE, "message", 1, null),
              new NeedsSignature(ACCEPTANCE, "message", 20, null),
              new NeedsSignature(ACCEPTANCE, "message", 2, Parts.START.plusSeconds(600)),
              new NeedsCallback(ACCEPTANCE, "signature", 1, null),
              new NeedsCallback(ACCEPTANCE, "signature", 10, null))
          .with("poison", "no job");

  static List<EveryLine> ofBothFunctions() {
    return List.of(ofSignFunction(), ofRetryFunction());
  }

  static EveryLine ofSignFunction() {
    var events = new ArrayList<LogEvent>();
    for (SignCase request : SignCase.values()) {
      for (Consumer<Parts> trouble : TROUBLES) {
        var parts = new Parts();
        trouble.accept(parts);
        request.answerWith(parts);
        events.addAll(parts.log);
      }
    }
    return new EveryLine("SignFunction", events);
  }

  static EveryLine ofRetryFunction() {
    var events = new ArrayList<LogEvent>();
    for (Consumer<Parts> trouble : TROUBLES) {
      for (Function<String, SigningOutcome> upstream : UPSTREAMS) {
        for (Function<Parts.Delivery, DeliveryOutcome> receiver : RECEIVERS) {
          Parts parts = new Parts().with("CALLBACK_ON_FAILURE", "true");
          trouble.accept(parts);
          parts.upstream = upstream;
          parts.receiver = receiver;
          JOBS.failed(parts);
          events.addAll(parts.log);
        }
      }
    }
    return new EveryLine("RetryFunction", events);
  }

  /** What of it CloudWatch counts and draws. */
  Set<Metric> metrics() {
    return events.stream()
        .flatMap(event -> event.measurements().keySet().stream())
        .collect(Collectors.toSet());
  }

  /** The lines as the function writes them. */
  List<JsonNode> lines() {
    var bytes = new ByteArrayOutputStream();
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    events.forEach(new JsonLines(out, () -> Parts.START, function)::write);
    return bytes.toString(StandardCharsets.UTF_8).lines().map(Written::json).toList();
  }

  private static <T> T fail(Object input) {
    throw new IllegalStateException(input.toString());
  }
}
