package dev.signrelay.retry;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome.Failed;
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
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A job whose result is wanted until a time. */
final class RetryPolicyExpiryTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");

  private final RetryPolicy policy =
      new RetryPolicy(
          new Stage(new Backoff(ofSeconds(20), ofSeconds(900)), 20, ofDays(1)),
          new Stage(new Backoff(ofSeconds(20), ofHours(4)), 10, ofDays(3)));

  @Test
  void aJobExpiresAtItsEndInEitherStageAndKeepsItsSignature() {
    NeedsSignature unsigned = job(Duration.ZERO).next().next();
    NeedsCallback signed = unsigned.signed("signature", NOW.minusSeconds(5)).next();

    assertThat(policy.expired(unsigned, NOW))
        .contains(
            new DeadLetter(unsigned.fresh(NOW), new DeadLetterReason(Kind.EXPIRED, "expired", 2)));
    assertThat(policy.expired(signed, NOW))
        .contains(
            new DeadLetter(signed.fresh(NOW), new DeadLetterReason(Kind.EXPIRED, "expired", 1)));
    assertThat(policy.expired(unsigned, NOW.minusNanos(1))).isEmpty();
    assertThat(policy.expired(unlimited(), NOW.plus(ofDays(9_999)))).isEmpty();
  }

  @Test
  void noWaitIsLongerThanTheResultIsWanted() {
    NeedsSignature job = job(ofSeconds(15));
    var failed = new Called(new Failed("http-429", ofHours(2)), NOW, NOW);

    assertThat(policy.afterSigning(job, failed, NOW, 0))
        .isEqualTo(new Requeue(job.next(), ofSeconds(15)));
    assertThat(policy.afterSigning(job(ofSeconds(3)), new CallUnderWay(), NOW, 0))
        .isEqualTo(new Requeue(job(ofSeconds(3)), ofSeconds(3)));
    NeedsCallback signed = job.signed("signature", NOW);
    assertThat(policy.afterDelivery(signed, new Undelivered("timeout", null), NOW, 0))
        .isEqualTo(new Requeue(signed.next(), ofSeconds(15)));
  }

  @Test
  void aSignatureThatIsThereIsUsedUntilTheEnd() {
    NeedsSignature job = job(ofSeconds(1).dividedBy(2));

    assertThat(policy.afterSigning(job, new Reused("signature", ofSeconds(9)), NOW, 0))
        .isEqualTo(new Deliver(job.signedBefore("signature", NOW)));
    assertThat(policy.afterSigning(job, new Called(new Signed("signature"), NOW, NOW), NOW, 0))
        .isEqualTo(new Deliver(job.signed("signature", NOW)));
  }

  /** It is received when it has expired. */
  @Test
  void aLongWaitEndsWhenTheJobExpires() {
    NeedsCallback signed = job(ofSeconds(1_000)).signed("signature", NOW);
    Instant end = NOW.plusSeconds(1_000);
    Job waiting = signed.next().withNotBefore(end);

    assertThat(policy.afterDelivery(signed, new Undelivered("http-503", ofHours(9)), NOW, 0))
        .isEqualTo(new Requeue(waiting, ofSeconds(900)));
    assertThat(policy.waitUntilDue(waiting, NOW.plusSeconds(900)))
        .contains(new Requeue(signed.next(), ofSeconds(100)));
    assertThat(policy.waitUntilDue(waiting, end)).isEmpty();
  }

  @Test
  void anExpiredJobDoesNotWait() {
    Job waiting = job(Duration.ZERO).withNotBefore(NOW.plusSeconds(60));

    assertThat(policy.waitUntilDue(waiting, NOW)).isEmpty();
  }

  static Stream<SigningResult> withoutACall() {
    return Stream.of(
        new OutOfTime(),
        new CallUnderWay(),
        new NotGranted(ofSeconds(90), true),
        new LimiterUnavailable(new IllegalStateException()),
        new KeyUnavailable(),
        new GrantExpired());
  }

  /** Otherwise it would return at once, find too little time for a call, and so on. */
  @ParameterizedTest
  @MethodSource("withoutACall")
  void aJobWithoutTimeForACallWaitsForItsEnd(SigningResult result) {
    NeedsSignature job = job(Duration.ofMillis(240));

    assertThat(policy.afterSigning(job, result, NOW, 0))
        .isEqualTo(new Requeue(job, JobQueue.RETRY, Duration.ofMillis(240)));
    assertThat(policy.afterSigning(job(Duration.ZERO), result, NOW, 0))
        .isEqualTo(new Requeue(job(Duration.ZERO), JobQueue.RETRY, Duration.ZERO));
  }

  @Test
  void aJobWithMoreTimeIsTriedAgainAtOnceOrJoinsTheLine() {
    NeedsSignature job = job(Duration.ofMillis(1_001));

    assertThat(policy.afterSigning(job, new OutOfTime(), NOW, 0))
        .isEqualTo(new Requeue(job, Duration.ZERO));
    assertThat(policy.afterSigning(job, new NotGranted(ofSeconds(90), true), NOW, 0))
        .isEqualTo(new Requeue(job, JobQueue.LINE, Duration.ZERO));
  }

  /** It was called before its end, and has a signature. */
  @Test
  void aSignatureThatComesAtTheEndIsKept() {
    var signed = new Called(new Signed("signature"), NOW.minusSeconds(1), NOW);

    assertThat(policy.afterSigning(job(Duration.ZERO), signed, NOW, 0)).isInstanceOf(Deliver.class);
  }

  private static NeedsSignature job(Duration left) {
    var acceptance =
        new Acceptance(
            "id-1",
            unlimited().acceptance().callbackUrl(),
            NOW.minusSeconds(60),
            NOW.plus(left),
            "");
    return NeedsSignature.first(acceptance, "message");
  }

  private static NeedsSignature unlimited() {
    return NeedsSignature.first(
        new Acceptance("id-1", URI.create("https://example.com/hook"), NOW), "message");
  }
}
