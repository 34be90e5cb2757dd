package dev.signrelay.jobrecord;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Attempt;
import dev.signrelay.job.Attempt.Deferred;
import dev.signrelay.job.Attempt.Delivery;
import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.policy.RetryDecision;
import dev.signrelay.policy.RetryDecision.Complete;
import dev.signrelay.policy.RetryDecision.DeadLetter;
import dev.signrelay.policy.RetryDecision.Deliver;
import dev.signrelay.policy.RetryDecision.Requeue;
import dev.signrelay.testing.FakeTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a record says after each attempt and each decision on it, and which of them are written. */
final class JobRecordTest {

  private static final Instant ACCEPTED = FakeTime.START;
  private static final Instant NOW = ACCEPTED.plusSeconds(40);
  private static final Duration DELAY = Duration.ofSeconds(30);

  private static final NeedsSignature UNSIGNED =
      new NeedsSignature(
          acceptance(URI.create("https://receiver.example/in")),
          "hello",
          3,
          null,
          acceptance(URI.create("https://receiver.example/in")).at());
  private static final NeedsCallback SIGNED =
      new NeedsCallback(UNSIGNED.acceptance(), "signature", 2, null, NOW, 3);
  private static final NeedsSignature KEPT_UNSIGNED =
      new NeedsSignature(acceptance(null), "hello", 3, null, acceptance(null).at());
  private static final NeedsCallback KEPT =
      new NeedsCallback(KEPT_UNSIGNED.acceptance(), "signature", 2, null, NOW, 3);

  static Stream<Arguments> steps() {
    var first = NeedsSignature.first(UNSIGNED.acceptance(), "hello");
    return Stream.of(
        row(
            called(new Failed("http-503", null)),
            new Requeue(UNSIGNED.next(), DELAY),
            expect(JobStatus.SIGNING, 3, 0, null, "http-503", NOW.plus(DELAY), null)),
        row(
            called(new Failed("http-429", null)),
            new Requeue(UNSIGNED.next().withNotBefore(NOW.plusSeconds(3_600)), DELAY),
            expect(JobStatus.SIGNING, 3, 0, null, "http-429", NOW.plusSeconds(3_600), null)),
        row(
            called(new Signed("signature")),
            new Deliver(UNSIGNED.signed("signature", NOW)),
            expect(JobStatus.DELIVERING, 3, 0, "signature", "signed", NOW, null)),
        row(
            new Signing(KEPT_UNSIGNED, new Called(new Signed("signature"), NOW, NOW)),
            new Deliver(KEPT_UNSIGNED.signed("signature", NOW)),
            expect(JobStatus.SIGNED, 3, 0, "signature", "signed", null, null)),
        row(
            new Signing(KEPT_UNSIGNED, new Reused("signature", DELAY)),
            new Deliver(KEPT_UNSIGNED.signedBefore("signature", NOW)),
            expect(JobStatus.SIGNED, 2, 0, "signature", "reused", null, null)),
        row(
            called(new Rejected("http-422")),
            dead(UNSIGNED, Kind.MESSAGE_REJECTED, "http-422"),
            expect(JobStatus.FAILED, 3, 0, null, "http-422", null, "message-rejected")),
        row(
            new Deferred(UNSIGNED),
            dead(UNSIGNED, Kind.EXPIRED, "expired"),
            expect(JobStatus.EXPIRED, 2, 0, null, null, null, "expired")),
        row(
            new Delivery(SIGNED, new Undelivered("http-500", null), NOW, NOW),
            new Requeue(SIGNED.next(), DELAY),
            expect(JobStatus.DELIVERING, 3, 2, "signature", "http-500", NOW.plus(DELAY), null)),
        row(
            new Delivery(SIGNED, new Delivered("http-204"), NOW, NOW),
            new Complete(),
            expect(JobStatus.DELIVERED, 3, 2, "signature", "http-204", null, null)),
        row(
            new Delivery(SIGNED, new Gone("http-410"), NOW, NOW),
            dead(SIGNED, Kind.CALLBACK_GONE, "http-410"),
            expect(JobStatus.FAILED, 3, 2, "signature", "http-410", null, "callback-gone")),
        row(
            new Deferred(SIGNED),
            dead(SIGNED, Kind.EXPIRED, "expired"),
            expect(JobStatus.EXPIRED, 3, 1, "signature", null, null, "expired")),
        notWritten(
            new Signing(first, new NotGranted(Duration.ofMinutes(7), true)),
            new Requeue(first, JobQueue.LINE, Duration.ZERO),
            expect(JobStatus.WAITING, 0, 0, null, null, NOW.plusSeconds(420), null)),
        notWritten(
            new Signing(UNSIGNED, new LimiterUnavailable(new IllegalStateException())),
            new Requeue(UNSIGNED, JobQueue.LINE, Duration.ZERO),
            expect(JobStatus.SIGNING, 2, 0, null, null, null, null)),
        notWritten(
            new Deferred(UNSIGNED),
            new Requeue(UNSIGNED, DELAY),
            expect(JobStatus.SIGNING, 2, 0, null, null, NOW.plus(DELAY), null)),
        // The record itself was the delivery.
        notWritten(
            new Delivery(KEPT, new Delivered("recorded"), NOW, NOW),
            new Complete(),
            expect(JobStatus.SIGNED, 3, 0, "signature", null, null, null)));
  }

  @ParameterizedTest
  @MethodSource("steps")
  void aRecordSaysWhatAStepDidAndWhatFollows(
      Attempt attempt, RetryDecision decision, boolean isRecorded, JobRecord expected) {
    JobRecord after = JobRecord.after(attempt, decision, NOW);

    assertThat(after).usingRecursiveComparison().ignoringFields("position").isEqualTo(expected);
    assertThat(JobRecord.isRecorded(attempt, decision)).isEqualTo(isRecorded);
  }

  @Test
  void aTimeThatIsFarAwayHasAPosition() {
    var late = Instant.parse("9999-12-31T00:00:00Z");
    var job = new NeedsSignature(UNSIGNED.acceptance(), "hello", 3, null, late);
    var attempt = new Signing(job, new Called(new Rejected("http-400"), NOW, NOW));

    assertThat(
            JobRecord.after(attempt, dead(job, Kind.MESSAGE_REJECTED, "http-400"), NOW).position())
        .isBetween(1L, Long.MAX_VALUE - 1);
  }

  /** Clients of this release know no other status. */
  @Test
  void aStatusOfANewerReleaseIsReadAsThatOfAJobThatWaits() {
    Map<String, AttributeValue> item =
        Map.of(
            "id", AttributeValue.fromS("id-1"),
            "status", AttributeValue.fromS("cancelling"),
            "expiresAt", AttributeValue.fromN(Long.toString(Long.MAX_VALUE)));

    assertThat(JobRecord.of(item, NOW).map(JobRecord::status)).contains(JobStatus.WAITING);
  }

  private static Acceptance acceptance(@Nullable URI callbackUrl) {
    return new Acceptance("id-1", callbackUrl, ACCEPTED, null, "key-0123456789abcdef");
  }

  private static Attempt called(SigningOutcome outcome) {
    return new Signing(UNSIGNED, new Called(outcome, NOW, NOW));
  }

  private static RetryDecision dead(Job job, Kind kind, String outcome) {
    return new DeadLetter(job.fresh(NOW), new DeadLetterReason(kind, outcome, job.attemptNumber()));
  }

  private static JobRecord expect(
      JobStatus status,
      int attempts,
      int deliveries,
      @Nullable String signature,
      @Nullable String outcome,
      @Nullable Instant next,
      @Nullable String reason) {
    return new JobRecord(
        "id-1",
        status,
        0,
        "key-0123456789abcdef",
        ACCEPTED,
        attempts,
        deliveries,
        signature,
        outcome,
        next,
        reason);
  }

  private static Arguments row(Attempt attempt, RetryDecision decision, JobRecord expected) {
    return Arguments.of(attempt, decision, true, expected);
  }

  private static Arguments notWritten(Attempt attempt, RetryDecision decision, JobRecord expected) {
    return Arguments.of(attempt, decision, false, expected);
  }
}
