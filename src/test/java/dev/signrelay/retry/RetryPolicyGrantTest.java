package dev.signrelay.retry;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.GrantSoon;
import dev.signrelay.job.SigningResult.GrantedLater;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Jobs with a later grant, and attempts without a grant. */
final class RetryPolicyGrantTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration LEAD = ofSeconds(5);

  private final RetryPolicy policy =
      new RetryPolicy(
          new Stage(new Backoff(ofSeconds(20), ofSeconds(1_000)), 20, Duration.ZERO),
          new Stage(new Backoff(ofSeconds(20), ofSeconds(1_000)), 10, Duration.ZERO));
  private final NeedsSignature job =
      new NeedsSignature(
          new Acceptance("id-1", URI.create("https://example.com/hook"), NOW), "message", 4, null);

  @Test
  void aJobWithALaterGrantIsRequeuedUntilShortlyBeforeIt() {
    Grant grant = grantIn(ofSeconds(60));

    assertThat(after(new GrantedLater(grant, grant.wait(NOW))))
        .isEqualTo(new Requeue(job.withGrant(grant), ofSeconds(60).minus(LEAD)));
  }

  @Test
  void aJobWhoseGrantIsNearIsRequeuedWithoutDelay() {
    Grant grant = grantIn(ofSeconds(5));

    assertThat(after(new GrantedLater(grant, grant.wait(NOW))))
        .isEqualTo(new Requeue(job.withGrant(grant), Duration.ZERO));
  }

  @Test
  void aJobLeavesTheQueueWithinTheLongestWaitForItsGrant() {
    assertThat(policy.waitUntilDue(job.withGrant(grantIn(RetryPolicy.MAX_GRANT_WAIT)), NOW))
        .isEmpty();
  }

  @Test
  void aCarriedGrantIsKeptUntilItIsNear() {
    Grant grant = grantIn(ofSeconds(2_000));
    NeedsSignature waiting = job.withGrant(grant);
    Instant out = grant.from().minus(LEAD);

    assertThat(policy.waitUntilDue(waiting, NOW))
        .contains(new Requeue(waiting.withNotBefore(out), ofSeconds(900)));
    assertThat(policy.waitUntilDue(waiting.withNotBefore(out), NOW.plusSeconds(1_800)))
        .contains(new Requeue(waiting, ofSeconds(195)));
    assertThat(policy.waitUntilDue(waiting, out)).isEmpty();
  }

  @Test
  void aJobWithAnExpiredGrantIsDue() {
    assertThat(policy.waitUntilDue(job.withGrant(grantIn(ofSeconds(-100))), NOW)).isEmpty();
  }

  @Test
  void aReusedSignatureIsDeliveredAndIsNoCall() {
    NeedsSignature third = new NeedsSignature(job.acceptance(), "message", 3, null);

    assertThat(after(third, new Reused("signature", ofSeconds(7))))
        .isInstanceOfSatisfying(
            Deliver.class,
            decision -> {
              assertThat(decision.job().signature()).isEqualTo("signature");
              assertThat(decision.job().attempt()).isEqualTo(1);
              assertThat(decision.job().calls()).isEqualTo(2);
            });
  }

  @Test
  void aJobThatWaitsForTheCallOfAnotherIsRequeuedForAFewSecondsAndThatIsNoAttempt() {
    Stage signing = new Stage(policy.signing().backoff(), 20, ofSeconds(90));
    var inTime = new RetryPolicy(signing, policy.delivery());

    assertThat(inTime.afterSigning(job, new CallUnderWay(), NOW, 0))
        .isEqualTo(new Requeue(job, ofSeconds(4)));
    assertThat(inTime.afterSigning(job, new CallUnderWay(), NOW, 0.5))
        .isEqualTo(new Requeue(job, ofSeconds(6)));
  }

  @Test
  void aJobThatIsNotGrantedACallJoinsTheLineAndThatIsNoAttempt() {
    assertThat(after(job, new NotGranted(ofSeconds(90)))).isEqualTo(joinsTheLine(job));
  }

  @Test
  void aJobWhoseGrantIsTooNearToPassThroughTheQueueIsRequeuedAtOnceWithoutOne() {
    assertThat(after(job, new GrantSoon(Duration.ofSeconds(3))))
        .isEqualTo(new Requeue(job, Duration.ZERO));
  }

  @Test
  void aJobWhoseLimiterIsUnavailableJoinsTheLineAndThatIsNoAttempt() {
    assertThat(after(job, new LimiterUnavailable(new IllegalStateException())))
        .isEqualTo(joinsTheLine(job));
  }

  @Test
  void aJobWithoutTimeForACallIsRequeuedAtOnceAndKeepsItsGrantAndMisses() {
    NeedsSignature granted = job.missed().withGrant(grantIn(ofSeconds(3)));

    assertThat(after(job, new OutOfTime())).isEqualTo(new Requeue(job, Duration.ZERO));
    assertThat(after(granted, new OutOfTime())).isEqualTo(new Requeue(granted, Duration.ZERO));
  }

  @Test
  void theStateAfterAnAttemptHasNoGrant() {
    NeedsSignature granted = job.withGrant(grantIn(ofSeconds(0)));

    assertThat(granted.next()).isEqualTo(job.next());
    assertThat(granted.fresh(NOW)).isEqualTo(job.fresh(NOW));
    assertThat(granted.signed("signature", NOW)).isEqualTo(job.signed("signature", NOW));
  }

  private AfterSigning after(SigningResult attempt) {
    return after(job.withGrant(grantIn(Duration.ZERO)), attempt);
  }

  private AfterSigning after(NeedsSignature before, SigningResult attempt) {
    return policy.afterSigning(before, attempt, NOW, 0);
  }

  private static Requeue joinsTheLine(NeedsSignature job) {
    return new Requeue(job, JobQueue.LINE, Duration.ZERO);
  }

  private static Grant grantIn(Duration wait) {
    Instant from = NOW.plus(wait);
    return new Grant("grant-1", from, from.plusSeconds(1));
  }
}
