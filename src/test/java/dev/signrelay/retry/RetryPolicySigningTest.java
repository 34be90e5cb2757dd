package dev.signrelay.retry;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Deliver;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision after a signing attempt. */
final class RetryPolicySigningTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com/hook"), NOW.minusSeconds(60));

  private final RetryPolicy policy =
      new RetryPolicy(
          new Stage(new Backoff(ofSeconds(20), ofSeconds(2_000)), 20, Duration.ZERO),
          new Stage(new Backoff(ofSeconds(20), ofSeconds(2_000)), 10, Duration.ZERO));

  @ParameterizedTest
  @ValueSource(ints = {1, 20, 21})
  void aSignatureOfAnyAttemptIsDelivered(int attempt) {
    assertThat(decide(attempt, new Signed("signature"), 0))
        .isEqualTo(new Deliver(new NeedsCallback(ACCEPTANCE, "signature", 1, null, NOW, attempt)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20})
  void aRejectedMessageIsDeadLetteredAtOnceWithoutAttempts(int attempt) {
    assertThat(decide(attempt, new Rejected("http-422"), 0))
        .isEqualTo(
            new DeadLetter(
                job(1).fresh(NOW),
                new DeadLetterReason(Kind.MESSAGE_REJECTED, "http-422", attempt)));
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 20", "1, 0.5, 30", "2, 0, 40", "5, 0.5, 480", "6, 0.25, 800"})
  void aFailedAttemptIsRetriedAfterTheBackoff(int attempt, double random, long seconds) {
    assertThat(decide(attempt, new Failed("timeout", null), random))
        .isEqualTo(new Requeue(job(attempt + 1), ofSeconds(seconds)));
  }

  @Test
  void afterTheLastAllowedAttemptTheJobIsDeadLetteredWithoutAttempts() {
    assertThat(decide(19, new Failed("http-503", null), 0))
        .isInstanceOfSatisfying(Requeue.class, r -> assertThat(r.job().attempt()).isEqualTo(20));
    assertThat(decide(20, new Failed("http-503", ofSeconds(60)), 0))
        .isEqualTo(
            new DeadLetter(
                job(1).fresh(NOW), new DeadLetterReason(Kind.SIGNING_EXHAUSTED, "http-503", 20)));
  }

  @ParameterizedTest
  @ValueSource(ints = {21, Integer.MAX_VALUE})
  void aJobBeyondALoweredLimitIsDeadLetteredAfterItsNextFailure(int attempt) {
    assertThat(decide(attempt, new Failed("connect", null), 0))
        .isEqualTo(
            new DeadLetter(
                job(1).fresh(NOW),
                new DeadLetterReason(Kind.SIGNING_EXHAUSTED, "connect", attempt)));
  }

  @Test
  void oneAllowedAttemptIsTheOnlyOne() {
    var once =
        new RetryPolicy(new Stage(policy.signing().backoff(), 1, Duration.ZERO), policy.delivery());
    assertThat(once.afterSigning(job(1), called(new Failed("timeout", null)), NOW, 0))
        .isInstanceOf(DeadLetter.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 20", "19, 20", "21, 21", "900, 900"})
  void aRetryAfterIsHonouredButNeverShortensTheBackoff(long retryAfter, long seconds) {
    assertThat(decide(1, new Failed("http-429", ofSeconds(retryAfter)), 0))
        .isEqualTo(new Requeue(job(2), ofSeconds(seconds)));
  }

  @ParameterizedTest
  @CsvSource({"901, 901", "2000, 2000", "2001, 2000", "999999999, 2000"})
  void aRetryAfterLongerThanTheQueueAllowsIsStoredInTheJob(long retryAfter, long seconds) {
    assertThat(decide(1, new Failed("http-429", ofSeconds(retryAfter)), 0))
        .isEqualTo(new Requeue(job(2).withNotBefore(NOW.plusSeconds(seconds)), ofSeconds(900)));
  }

  @Test
  void aBackoffLongerThanTheQueueAllowsIsStoredInTheJob() {
    assertThat(decide(7, new Failed("timeout", null), 0))
        .isEqualTo(new Requeue(job(8).withNotBefore(NOW.plusSeconds(1_280)), ofSeconds(900)));
  }

  @Test
  void thePreviousWaitIsRemovedFromTheJob() {
    NeedsSignature waited = job(3).withNotBefore(NOW.minusSeconds(5));

    assertThat(policy.afterSigning(waited, called(new Failed("timeout", null)), NOW, 0))
        .isEqualTo(new Requeue(job(4), ofSeconds(80)));
    assertThat(policy.afterSigning(waited, called(new Rejected("http-400")), NOW, 0))
        .isInstanceOfSatisfying(
            DeadLetter.class, d -> assertThat(d.job()).isEqualTo(job(1).fresh(NOW)));
    assertThat(policy.afterSigning(waited, called(new Signed("s")), NOW, 0))
        .isInstanceOfSatisfying(Deliver.class, d -> assertThat(d.job().notBefore()).isNull());
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "-1, 1", "1, -1"})
  void aStageAllowsAtLeastOneAttempt(int attempts, int seconds) {
    Backoff backoff = policy.signing().backoff();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Stage(backoff, attempts, ofSeconds(seconds)))
        .withMessage("at least one attempt must be allowed");
    assertThat(new Stage(backoff, 1, Duration.ZERO).attempts()).isOne();
  }

  private AfterSigning decide(int attempt, SigningOutcome outcome, double random) {
    return policy.afterSigning(job(attempt), called(outcome), NOW, random);
  }

  private static SigningResult called(SigningOutcome outcome) {
    return new SigningResult.Called(outcome, NOW.minusSeconds(1), NOW);
  }

  private static NeedsSignature job(int attempt) {
    return new NeedsSignature(ACCEPTANCE, "message", attempt, null);
  }
}
