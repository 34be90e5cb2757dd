package dev.signrelay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
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
import dev.signrelay.retry.RetryDecision.Complete;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.telemetry.LogEvent.Level;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class AttemptEventsTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com/SECRET?SECRET"), Instant.EPOCH);
  private static final NeedsSignature UNSIGNED = new NeedsSignature(ACCEPTANCE, "SECRET", 2, null);
  private static final NeedsCallback SIGNED = new NeedsCallback(ACCEPTANCE, "SECRET", 3, null);
  private static final Instant START = Instant.EPOCH.plusSeconds(3_600);
  private static final Instant END = START.plusMillis(12).plusNanos(999_999);
  private static final Requeue REQUEUE = new Requeue(UNSIGNED, Duration.ofMillis(20_500));

  static Stream<Arguments> outcomes() {
    return Stream.of(
        Arguments.of(new Signed("SECRET"), Level.INFO, "signed", Metric.UPSTREAM_SIGNED),
        Arguments.of(new Failed("timeout", null), Level.INFO, "timeout", Metric.UPSTREAM_FAILED),
        Arguments.of(
            new Failed("http-503", Duration.ofSeconds(1)),
            Level.INFO,
            "http-503",
            Metric.UPSTREAM_FAILED),
        Arguments.of(
            new KeyRefused("http-401", null), Level.ERROR, "http-401", Metric.UPSTREAM_KEY_REFUSED),
        Arguments.of(new Rejected("http-422"), Level.WARN, "http-422", Metric.UPSTREAM_REJECTED));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void aSigningResultHasItsIdOutcomeDurationAndDecision(
      SigningOutcome outcome, Level level, String code, Metric counted) {
    LogEvent event = signing(new Called(outcome, START, END));

    assertThat(event.level()).isEqualTo(level);
    assertThat(event.name()).isEqualTo("signing attempt");
    assertThat(event.fields())
        .containsExactly(
            entry("id", "id-1"),
            entry("attempt", 2),
            entry("outcome", code),
            entry("millis", 12L),
            entry("callbackHost", "example.com"),
            entry("decision", "requeue"),
            entry("delaySeconds", 20.5));
    assertThat(event.measurements())
        .containsExactly(entry(Metric.UPSTREAM_LATENCY, 12L), entry(counted, 1));
  }

  @Test
  void anAnsweredAttemptWithoutACallbackUrlHasNoHost() {
    var called = new Called(new Signed("SECRET"), START, END);
    LogEvent event = AttemptEvents.answered(new Signing("id-2", "", 1, null, called));

    assertThat(event.fields())
        .containsExactly(
            entry("id", "id-2"),
            entry("attempt", 1),
            entry("outcome", "signed"),
            entry("millis", 12L),
            entry("decision", "answer"));
  }

  static Stream<Arguments> deliveries() {
    return Stream.of(
        Arguments.of(new Delivered("http-204"), Metric.CALLBACK_DELIVERED),
        Arguments.of(new Undelivered("timeout", null), Metric.CALLBACK_FAILED),
        Arguments.of(new Gone("http-410"), Metric.CALLBACK_GONE),
        Arguments.of(new Forbidden("forbidden-url"), Metric.CALLBACK_FORBIDDEN));
  }

  @ParameterizedTest
  @MethodSource("deliveries")
  void aDeliveryHasOnlyTheHostOfItsUrl(DeliveryOutcome outcome, Metric counted) {
    LogEvent event = delivery(outcome, START, END);

    assertThat(event.level()).isEqualTo(Level.INFO);
    assertThat(event.name()).isEqualTo("callback attempt");
    assertThat(event.fields())
        .containsExactly(
            entry("id", "id-1"),
            entry("attempt", 3),
            entry("outcome", outcome.code()),
            entry("millis", 12L),
            entry("callbackHost", "example.com"),
            entry("decision", "complete"));
    assertThat(event.measurements())
        .containsEntry(Metric.CALLBACK_LATENCY, 12L)
        .containsEntry(counted, 1);
  }

  @Test
  void aDeliveredSignatureHasItsAge() {
    assertThat(delivery(new Delivered("http-204"), START, END).measurements())
        .containsEntry(Metric.DELIVERY_AGE, 3_600.012);
    assertThat(delivery(new Undelivered("http-500", null), START, END).measurements())
        .doesNotContainKey(Metric.DELIVERY_AGE);
  }

  /** API Gateway's clock sets the time of the request, the function's that of the delivery. */
  @Test
  void anAgeIsNotNegativeIfAClockIsBehind() {
    Instant before = ACCEPTANCE.at().minusMillis(20);

    assertThat(delivery(new Delivered("http-204"), before, before).measurements())
        .containsEntry(Metric.DELIVERY_AGE, 0.0);
  }

  @Test
  void aRateLimitedAttemptHasItsExpectedWait() {
    LogEvent event = signing(new NotGranted(Duration.ofMillis(90_500), true));

    assertThat(event.name()).isEqualTo("rate limited");
    assertThat(event.fields()).containsEntry("expectedWaitSeconds", 90.5);
    assertThat(signing(new NotGranted(Duration.ofMillis(90_500), false)).fields())
        .doesNotContainKey("expectedWaitSeconds");
    assertThat(event.measurements()).containsExactly(entry(Metric.RATE_LIMITED, 1));
  }

  /** Its job waits where it is, so nothing else follows. */
  @Test
  void anAttemptForAJobThatStaysInLineSaysSo() {
    assertThat(AttemptEvents.staysInLine(Signing.of(UNSIGNED, new GrantExpired())))
        .isEqualTo(
            LogEvent.of(Level.WARN, "grant expired")
                .with("id", "id-1")
                .with("attempt", 2)
                .with("decision", "stay-in-line"));
  }

  @Test
  void aReusedSignatureHasItsAgeAndIsNoCall() {
    assertThat(signing(new Reused("signature", Duration.ofMillis(7_900))))
        .isEqualTo(
            LogEvent.of(Level.INFO, "signature from cache")
                .with("id", "id-1")
                .with("attempt", 2)
                .with("ageSeconds", 7L)
                .with("callbackHost", "example.com")
                .with("decision", "requeue")
                .with("delaySeconds", 20.5)
                .counted(Metric.SIGNATURE_REUSED));
  }

  @Test
  void anAttemptThatWaitedForAnotherCallIsNoCall() {
    assertThat(signing(new CallUnderWay()))
        .isEqualTo(
            LogEvent.of(Level.INFO, "call under way")
                .with("id", "id-1")
                .with("attempt", 2)
                .with("decision", "requeue")
                .with("delaySeconds", 20.5));
  }

  @Test
  void anUnavailableLimiterIsAnErrorWithItsCause() {
    var cause = new IllegalStateException("no answer", new TimeoutException("SECRET"));

    assertThat(signing(new LimiterUnavailable(cause)))
        .isEqualTo(
            LogEvent.of(Level.ERROR, "rate limiter unavailable")
                .with("id", "id-1")
                .with("attempt", 2)
                .with("error", "no answer")
                .with("cause", "TimeoutException")
                .with("decision", "requeue")
                .with("delaySeconds", 20.5)
                .counted(Metric.LIMITER_UNAVAILABLE));
  }

  @Test
  void anUnavailableKeyIsAnError() {
    assertThat(signing(new KeyUnavailable()))
        .isEqualTo(
            LogEvent.of(Level.ERROR, "upstream key unavailable")
                .with("id", "id-1")
                .with("attempt", 2)
                .with("decision", "requeue")
                .with("delaySeconds", 20.5));
  }

  @Test
  void anExpiredGrantIsAWarning() {
    assertThat(signing(new GrantExpired()))
        .isEqualTo(
            LogEvent.of(Level.WARN, "grant expired")
                .with("id", "id-1")
                .with("attempt", 2)
                .with("decision", "requeue")
                .with("delaySeconds", 20.5));
  }

  @Test
  void anAttemptWithoutACallHasTheNumberOfTheNextAttempt() {
    assertThat(signing(new OutOfTime()))
        .isEqualTo(
            LogEvent.of(Level.WARN, "no time for a call")
                .with("id", "id-1")
                .with("attempt", 2)
                .with("decision", "requeue")
                .with("delaySeconds", 20.5));
    assertThat(AttemptEvents.carriedOut(new Deferred(SIGNED), new Complete()))
        .isEqualTo(
            LogEvent.of(Level.INFO, "waiting")
                .with("id", "id-1")
                .with("attempt", 3)
                .with("decision", "complete"));
  }

  private static LogEvent signing(SigningResult result) {
    return AttemptEvents.carriedOut(Signing.of(UNSIGNED, result), REQUEUE);
  }

  private static LogEvent delivery(DeliveryOutcome outcome, Instant start, Instant end) {
    return AttemptEvents.carriedOut(new Delivery(SIGNED, outcome, start, end), new Complete());
  }
}
