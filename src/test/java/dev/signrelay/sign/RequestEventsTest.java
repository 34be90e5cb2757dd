package dev.signrelay.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.sign.SignResult.Attempted;
import dev.signrelay.sign.SignResult.Crashed;
import dev.signrelay.sign.SignResult.Decided;
import dev.signrelay.sign.SignResult.LineFull;
import dev.signrelay.sign.SignResult.NotQueued;
import dev.signrelay.sign.SignResult.NotRecorded;
import dev.signrelay.sign.SignResult.RecordsDown;
import dev.signrelay.sign.SignResult.Refused;
import dev.signrelay.sign.SignResult.Repeated;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class RequestEventsTest {

  private static final Instant NOW = FakeTime.START;
  private static final NeedsSignature JOB =
      NeedsSignature.first(
          new Acceptance("id-1", URI.create("https://receiver.example/in"), NOW), "hello");
  private static final Signing ATTEMPT =
      Signing.of(JOB, new Called(new SigningOutcome.Signed("signature"), NOW, NOW));
  private static final Signing NOT_GRANTED =
      Signing.of(JOB, new NotGranted(Duration.ofMinutes(20), true));
  private static final Requeue REQUEUE = new Requeue(JOB, Duration.ofSeconds(30));
  private static final DeadLetter DEAD_LETTER =
      new DeadLetter(JOB, new DeadLetterReason(Kind.MESSAGE_REJECTED, "http-422", 1));

  static final SignResult NOT_QUEUED =
      new NotQueued(ATTEMPT, REQUEUE, new IllegalStateException("no answer"));

  static final SignResult LINE_FULL = new LineFull(NOT_GRANTED, Duration.ofMillis(90_001));

  static final JobRecord PRESENT =
      new JobRecord(
          "id-1", JobStatus.WAITING, 1, "", NOW, 0, 0, null, null, NOW.plusMillis(30_001), null);

  static Stream<Arguments> results() {
    return Stream.of(
        Arguments.of(
            new Refused("id-1", SignAnswer.INVALID, "a rule"),
            "request refused",
            null,
            Metric.REFUSED),
        Arguments.of(
            new Refused("id-1", SignAnswer.UNAUTHORIZED, "a key is required"),
            "request refused",
            null,
            Metric.REFUSED),
        Arguments.of(
            new Attempted(SignAnswer.SIGNED, ATTEMPT), "signing attempt", "answer", Metric.SIGNED),
        Arguments.of(
            new Attempted(SignAnswer.UNSIGNED, ATTEMPT),
            "signing attempt",
            "answer",
            Metric.UNSIGNED),
        Arguments.of(
            new Decided(SignAnswer.SIGNED, ATTEMPT, new Deliver(JOB.signed("signature", NOW))),
            "signing attempt",
            "answer",
            Metric.SIGNED),
        Arguments.of(
            new Decided(SignAnswer.QUEUED, ATTEMPT, REQUEUE),
            "signing attempt",
            "requeue",
            Metric.QUEUED),
        Arguments.of(
            new Decided(SignAnswer.REJECTED, ATTEMPT, DEAD_LETTER),
            "signing attempt",
            "dead-letter",
            Metric.REJECTED),
        Arguments.of(
            new Decided(
                SignAnswer.QUEUED, NOT_GRANTED, new Requeue(JOB, JobQueue.LINE, Duration.ZERO)),
            "rate limited",
            "wait-in-line",
            Metric.QUEUED),
        Arguments.of(LINE_FULL, "rate limited", "answer", Metric.UNAVAILABLE),
        Arguments.of(NOT_QUEUED, "signing attempt", "requeue", Metric.UNAVAILABLE),
        Arguments.of(
            new NotRecorded(ATTEMPT, REQUEUE), "signing attempt", "requeue", Metric.UNAVAILABLE),
        Arguments.of(
            new Repeated(SignAnswer.ACCEPTED, PRESENT, NOW),
            "request repeated",
            null,
            Metric.QUEUED),
        Arguments.of(
            new RecordsDown("id-1", new IllegalStateException("no answer")),
            "records unavailable",
            null,
            Metric.UNAVAILABLE),
        Arguments.of(
            new Crashed("id-1", new IllegalStateException()),
            "unexpected failure",
            null,
            Metric.UNAVAILABLE));
  }

  @ParameterizedTest
  @MethodSource("results")
  void aResultIsOneEventThatCountsTheRequestAndItsAnswer(
      SignResult result, String name, @Nullable String decision, Metric counted) {
    LogEvent event = RequestEvents.of(result, "shop", "api-1");

    assertThat(event.name()).isEqualTo(name);
    assertThat(event.fields().get("decision")).isEqualTo(decision);
    assertThat(event.fields())
        .containsEntry("id", "id-1")
        .containsEntry("status", result.answer().statusCode())
        .containsEntry("apiRequestId", "api-1");
    assertThat(event.measurements()).containsEntry(counted, 1).containsEntry(Metric.REQUESTS, 1);
  }

  @Test
  void aRequestThatALongLineRefusesIsCountedWithoutAPlaceInIt() {
    assertThat(RequestEvents.of(LINE_FULL, "", "").measurements())
        .containsOnlyKeys(
            Metric.REQUESTS, Metric.UNAVAILABLE, Metric.LINE_FULL, Metric.RATE_LIMITED);
  }

  @Test
  void aRefusedRequestHasTheBrokenRuleAndNoApiRequestIdIfThereIsNone() {
    var refused = new Refused("id-1", SignAnswer.INVALID, "a rule");

    assertThat(RequestEvents.of(refused, "", ""))
        .isEqualTo(
            LogEvent.of(LogEvent.Level.INFO, "request refused")
                .with("id", "id-1")
                .with("error", "a rule")
                .with("status", 400)
                .counted(Metric.REFUSED)
                .counted(Metric.REQUESTS));
  }
}
