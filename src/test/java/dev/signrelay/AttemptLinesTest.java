package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.callback.DeliveryOutcome.Forbidden;
import dev.signrelay.callback.DeliveryOutcome.Gone;
import dev.signrelay.callback.DeliveryOutcome.Undelivered;
import dev.signrelay.log.LogEvent;
import dev.signrelay.log.LogEvent.Level;
import dev.signrelay.log.Metric;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsCallback;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.upstream.SigningOutcome;
import dev.signrelay.upstream.SigningOutcome.Rejected;
import dev.signrelay.upstream.SigningOutcome.Signed;
import dev.signrelay.upstream.SigningOutcome.Unsigned;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class AttemptLinesTest {

  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com/SECRET?SECRET"), Instant.EPOCH);
  private static final NeedsSignature UNSIGNED = new NeedsSignature(ACCEPTANCE, "SECRET", 2, null);
  private static final NeedsCallback SIGNED = new NeedsCallback(ACCEPTANCE, "SECRET", 3, null);
  private static final Instant START = Instant.EPOCH.plusSeconds(3_600);
  private static final Duration TOOK = Duration.ofMillis(12).plusNanos(999_999);

  static Stream<Arguments> signings() {
    return Stream.of(
        Arguments.of(new Signed("SECRET"), Level.INFO, "signed", Metric.UPSTREAM_SIGNED),
        Arguments.of(new Unsigned("timeout", null), Level.INFO, "timeout", Metric.UPSTREAM_FAILED),
        Arguments.of(
            new Unsigned("http-503", Duration.ofSeconds(1)),
            Level.INFO,
            "http-503",
            Metric.UPSTREAM_FAILED),
        Arguments.of(
            new Unsigned("http-401", null), Level.ERROR, "http-401", Metric.UPSTREAM_KEY_REFUSED),
        Arguments.of(
            new Unsigned("http-403", null), Level.ERROR, "http-403", Metric.UPSTREAM_KEY_REFUSED),
        Arguments.of(new Rejected("http-422"), Level.WARN, "http-422", Metric.UPSTREAM_REJECTED));
  }

  @ParameterizedTest
  @MethodSource("signings")
  void aSigningAttemptTellsWhoseItWasHowItEndedAndHowLongItTook(
      SigningOutcome outcome, Level level, String code, Metric counted) {
    LogEvent line = AttemptLines.signing(UNSIGNED, outcome, TOOK);

    assertThat(line.level()).isEqualTo(level);
    assertThat(line.name()).isEqualTo("signing attempt");
    assertThat(line.fields())
        .containsExactly(
            entry("id", "id-1"),
            entry("messageHash", "0917b13a9091"),
            entry("attempt", 2),
            entry("outcome", code),
            entry("millis", 12L),
            entry("callbackHost", "example.com"));
    assertThat(line.measurements())
        .containsExactly(entry(Metric.UPSTREAM_LATENCY, 12L), entry(counted, 1));
  }

  @Test
  void aSigningAttemptWithoutCallbackNamesNoHost() {
    LogEvent line = AttemptLines.signing("id-2", "SECRET", 1, new Signed("SECRET"), TOOK);

    assertThat(line.fields())
        .containsExactly(
            entry("id", "id-2"),
            entry("messageHash", "0917b13a9091"),
            entry("attempt", 1),
            entry("outcome", "signed"),
            entry("millis", 12L));
  }

  static Stream<Arguments> deliveries() {
    return Stream.of(
        Arguments.of(new Delivered("http-204"), Metric.CALLBACK_DELIVERED),
        Arguments.of(new Undelivered("timeout", null), Metric.CALLBACK_FAILED),
        Arguments.of(new Gone("http-410"), Metric.CALLBACK_GONE),
        Arguments.of(new Forbidden("forbidden-address"), Metric.CALLBACK_FORBIDDEN));
  }

  @ParameterizedTest
  @MethodSource("deliveries")
  void aDeliveryTellsItsReceiversHostOnly(DeliveryOutcome outcome, Metric counted) {
    LogEvent line = AttemptLines.delivery(SIGNED, outcome, START, START.plus(TOOK));

    assertThat(line.level()).isEqualTo(Level.INFO);
    assertThat(line.name()).isEqualTo("callback attempt");
    assertThat(line.fields())
        .containsExactly(
            entry("id", "id-1"),
            entry("attempt", 3),
            entry("outcome", outcome.code()),
            entry("millis", 12L),
            entry("callbackHost", "example.com"));
    assertThat(line.measurements())
        .containsEntry(Metric.CALLBACK_LATENCY, 12L)
        .containsEntry(counted, 1);
  }

  @Test
  void aSignatureThatArrivesTellsHowLongAgoItWasAskedFor() {
    var delivered = new Delivered("http-204");
    var undelivered = new Undelivered("http-500", null);

    assertThat(AttemptLines.delivery(SIGNED, delivered, START, START.plus(TOOK)).measurements())
        .containsEntry(Metric.DELIVERY_AGE, 3_600.012);
    assertThat(AttemptLines.delivery(SIGNED, undelivered, START, START.plus(TOOK)).measurements())
        .doesNotContainKey(Metric.DELIVERY_AGE);
  }

  /** The request's time is API Gateway's, the delivery's is the function's. */
  @Test
  void aClockThatIsBehindMakesNoNegativeAge() {
    Instant before = ACCEPTANCE.at().minusMillis(20);

    assertThat(
            AttemptLines.delivery(SIGNED, new Delivered("http-204"), before, before).measurements())
        .containsEntry(Metric.DELIVERY_AGE, 0.0);
  }

  @Test
  void aCallThatHasToWaitTellsHowLong() {
    assertThat(AttemptLines.rateLimited(UNSIGNED, Duration.ofMillis(62_500)).measurements())
        .containsExactly(entry(Metric.RATE_LIMITED, 1), entry(Metric.LIMITER_WAIT, 62.5));
    assertThat(AttemptLines.rateLimited("id-1", 1).measurements())
        .containsExactly(entry(Metric.RATE_LIMITED, 1));
  }

  @Test
  void aWaitTellsWhichAttemptIsWaitedFor() {
    assertThat(AttemptLines.waiting(SIGNED))
        .isEqualTo(LogEvent.of(Level.INFO, "waiting").with("id", "id-1").with("attempt", 3));
  }
}
