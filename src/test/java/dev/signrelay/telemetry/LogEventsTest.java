package dev.signrelay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.KeyRefused;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.policy.RetryDecision.Complete;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.telemetry.LogEvent.Level;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The events of attempts and failures: those of {@code log-events.txt}, whose changes are reviewed.
 * {@code MetricsTest} tests what holds for all events.
 */
final class LogEventsTest {

  private static final Path REVIEWED =
      Path.of("src/test/resources/dev/signrelay/telemetry/log-events.txt");
  private static final Instant START = Instant.EPOCH.plusSeconds(3_600);
  private static final Instant END = START.plusMillis(12).plusNanos(999_999);
  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com/SECRET?SECRET"), Instant.EPOCH);
  private static final NeedsSignature UNSIGNED =
      new NeedsSignature(ACCEPTANCE, "SECRET", 2, null, ACCEPTANCE.at());
  private static final NeedsCallback SIGNED =
      new NeedsCallback(ACCEPTANCE, "SECRET", 3, null, ACCEPTANCE.at(), 1);
  private static final Requeue REQUEUE = new Requeue(UNSIGNED, Duration.ofMillis(20_500));
  private static final Requeue TO_LINE = new Requeue(UNSIGNED, JobQueue.LINE, Duration.ZERO);
  private static final DeadLetter DEAD =
      new DeadLetter(SIGNED, new DeadLetterReason(Kind.CALLBACK_GONE, "http-410", 3));

  @Test
  void theEventsAreThoseOfTheReviewedFile() throws IOException {
    assertThat(events().stream().map(LogEventsTest::line))
        .noneMatch(line -> line.contains("SECRET"))
        .containsExactlyElementsOf(Files.readAllLines(REVIEWED));
  }

  @Test
  void anEventIsImmutable() {
    var fields = new HashMap<String, Object>(Map.of("a", 1));
    var measurements = new HashMap<Metric, Number>(Map.of(Metric.REQUESTS, 1));
    var event = new LogEvent(Level.INFO, "x", fields, measurements);

    fields.put("b", 2);
    measurements.put(Metric.QUEUED, 1);

    assertThat(event.fields()).containsOnlyKeys("a").isUnmodifiable();
    assertThat(event.measurements()).containsOnlyKeys(Metric.REQUESTS).isUnmodifiable();
  }

  private static String line(LogEvent event) {
    return "%s %s %s %s"
        .formatted(
            event.level(), event.name(), event.fields(), new TreeMap<>(event.measurements()));
  }

  private static List<LogEvent> events() {
    var events = new ArrayList<LogEvent>();
    List<SigningResult> results =
        List.of(
            called(new Signed("SECRET")),
            called(new SigningOutcome.Failed("http-503", Duration.ofSeconds(1))),
            called(new KeyRefused("http-401", null)),
            called(new Rejected("http-422")),
            new Reused("SECRET", Duration.ofMillis(7_900)),
            new CallUnderWay(),
            new NotGranted(Duration.ofMillis(90_500), true),
            new NotGranted(Duration.ofMillis(90_500), false),
            new LimiterUnavailable(failure(new TimeoutException("SECRET"))),
            new KeyUnavailable(),
            new GrantExpired(),
            new OutOfTime());
    results.forEach(
        result -> events.add(AttemptEvents.carriedOut(new Signing(UNSIGNED, result), REQUEUE)));
    Attempt signing = new Signing(UNSIGNED, called(new Signed("SECRET")));
    events.add(AttemptEvents.carriedOut(signing, new Requeue(SIGNED, Duration.ZERO)));
    events.add(AttemptEvents.carriedOut(signing, TO_LINE));
    events.add(AttemptEvents.notQueued(signing, TO_LINE, failure(null)));
    events.add(AttemptEvents.staysInLine(new Signing(UNSIGNED, new GrantExpired())));
    var request = new Acceptance("id-2", null, Instant.EPOCH, null, "");
    NeedsSignature unqueued = NeedsSignature.first(request, "SECRET");
    events.add(AttemptEvents.answered(new Signing(unqueued, called(new Signed("SECRET")))));
    List<DeliveryOutcome> outcomes =
        List.of(
            new Delivered("http-204"),
            new Undelivered("timeout", null),
            new Gone("http-410"),
            new Forbidden("forbidden-url"));
    outcomes.forEach(outcome -> events.add(delivery(outcome, START, END)));
    // API Gateway's clock sets the time of the request, the function's that of the delivery.
    Instant before = ACCEPTANCE.at().minusMillis(20);
    events.add(delivery(new Delivered("http-204"), before, before));
    for (RetryDecision decision : List.of(new Deliver(SIGNED), new Complete(), REQUEUE, DEAD)) {
      events.add(AttemptEvents.carriedOut(new Deferred(SIGNED), decision));
    }
    events.add(AttemptEvents.notQueued(new Deferred(SIGNED), DEAD, failure(null)));
    Exception nested = new ExecutionException(new IllegalStateException("SECRET"));
    events.add(AttemptEvents.notQueued(new Deferred(SIGNED), REQUEUE, failure(nested)));
    events.add(
        AttemptEvents.failureNotice(SIGNED, new Gone("http-410"), Duration.between(START, END)));
    events.add(FailureEvents.malformed("sqs-1", "it is not JSON"));
    events.add(FailureEvents.wrongClock());
    var unexpected = new IllegalStateException("SECRET");
    unexpected.setStackTrace(
        new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 7)});
    events.add(FailureEvents.unexpected("id-1", unexpected));
    unexpected.setStackTrace(new StackTraceElement[0]);
    events.add(FailureEvents.unexpected("id-1", unexpected));
    return events;
  }

  private static SigningResult called(SigningOutcome outcome) {
    return new Called(outcome, START, END);
  }

  private static LogEvent delivery(DeliveryOutcome outcome, Instant start, Instant end) {
    return AttemptEvents.carriedOut(new Delivery(SIGNED, outcome, start, end), new Complete());
  }

  private static IllegalStateException failure(@Nullable Exception cause) {
    return new IllegalStateException("no answer", cause);
  }
}
