package dev.signrelay.retry;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.Grant;
import dev.signrelay.retry.Job.Acceptance;
import dev.signrelay.retry.Job.NeedsSignature;
import dev.signrelay.retry.RetryDecision.Requeue;
import dev.signrelay.retry.RetryDecision.Sign;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Jobs that have a grant for later, and jobs that can get none. */
final class GrantDecisionTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration LEAD = ofSeconds(3);

  private final RetryPolicy policy =
      new RetryPolicy(new Backoff(ofSeconds(20), ofSeconds(1_000)), 20, 10);
  private final NeedsSignature job =
      new NeedsSignature(
          new Acceptance("id-1", URI.create("https://example.com/hook"), NOW), "message", 4, null);

  @Test
  void aGrantWithinTheJobsPatienceIsWaitedForWhereItIs() {
    Grant grant = grantIn(ofMillis(250));

    assertThat(policy.onGrant(job, grant, NOW, ofMillis(250))).isEqualTo(new Sign(job, grant));
  }

  @Test
  void aGrantPastTheJobsPatienceIsTakenToTheQueueWhichReturnsItALittleEarlier() {
    Grant grant = grantIn(ofSeconds(60));

    assertThat(policy.onGrant(job, grant, NOW, ofMillis(250)))
        .isEqualTo(new Requeue(job.withGrant(grant), ofSeconds(60).minus(LEAD)));
  }

  @Test
  void aGrantThatIsTooNearForTheQueueIsReturnedByItAtOnce() {
    Grant grant = grantIn(ofMillis(251));

    assertThat(policy.onGrant(job, grant, NOW, ofMillis(250)))
        .isEqualTo(new Requeue(job.withGrant(grant), Duration.ZERO));
  }

  @Test
  void aJobComesOutOfTheQueueWithinTheFunctionsPatience() {
    assertThat(policy.waitOn(job.withGrant(grantIn(RetryPolicy.PATIENCE)), NOW)).isEmpty();
  }

  @Test
  void aJobThatCarriesAGrantHopsUntilItIsNearAndKeepsIt() {
    Grant grant = grantIn(ofSeconds(2_000));
    NeedsSignature waiting = job.withGrant(grant);
    Instant out = grant.from().minus(LEAD);

    assertThat(policy.waitOn(waiting, NOW))
        .contains(new Requeue(waiting.withNotBefore(out), ofSeconds(900)));
    assertThat(policy.waitOn(waiting.withNotBefore(out), NOW.plusSeconds(1_800)))
        .contains(new Requeue(waiting, ofSeconds(197)));
    assertThat(policy.waitOn(waiting, out)).isEmpty();
  }

  @Test
  void aJobThatComesTooLateForItsGrantDoesNotWait() {
    assertThat(policy.waitOn(job.withGrant(grantIn(ofSeconds(-100))), NOW)).isEmpty();
  }

  @Test
  void withoutALimiterAJobWaitsAsLongAsAfterItsLastAttemptAndThatIsNone() {
    assertThat(policy.withoutLimiter(job.withGrant(grantIn(ofSeconds(0))), NOW, 0))
        .isEqualTo(new Requeue(job, ofSeconds(160)));
  }

  @Test
  void whatFollowsAnAttemptHasNoGrant() {
    NeedsSignature granted = job.withGrant(grantIn(ofSeconds(0)));

    assertThat(granted.next()).isEqualTo(job.next());
    assertThat(granted.fresh()).isEqualTo(job.fresh());
    assertThat(granted.signed("signature")).isEqualTo(job.signed("signature"));
  }

  private static Grant grantIn(Duration wait) {
    Instant from = NOW.plus(wait);
    return new Grant("grant-1", from, from.plusSeconds(1));
  }
}
