package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.callback.DeliveryOutcome.Undelivered;
import dev.signrelay.log.LogEvent;
import dev.signrelay.log.LogEvent.Level;
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
        Arguments.of(new Signed("SECRET"), Level.INFO, "signed"),
        Arguments.of(new Unsigned("timeout", null), Level.INFO, "timeout"),
        Arguments.of(new Unsigned("http-503", Duration.ofSeconds(1)), Level.INFO, "http-503"),
        Arguments.of(new Unsigned("http-401", null), Level.ERROR, "http-401"),
        Arguments.of(new Unsigned("http-403", null), Level.ERROR, "http-403"),
        Arguments.of(new Rejected("http-422"), Level.WARN, "http-422"));
  }

  @ParameterizedTest
  @MethodSource("signings")
  void aSigningAttemptTellsWhoseItWasHowItEndedAndHowLongItTook(
      SigningOutcome outcome, Level level, String code) {
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

  @Test
  void aDeliveryTellsItsReceiversHostOnly() {
    for (DeliveryOutcome outcome :
        new DeliveryOutcome[] {
          new Delivered("http-204"),
          new Undelivered("timeout", null),
          new DeliveryOutcome.Forbidden("forbidden-address")
        }) {
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
    }
  }

  @Test
  void aWaitTellsWhichAttemptIsWaitedFor() {
    assertThat(AttemptLines.waiting(SIGNED))
        .isEqualTo(LogEvent.of(Level.INFO, "waiting").with("id", "id-1").with("attempt", 3));
  }
}
