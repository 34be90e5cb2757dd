package dev.signrelay.retry;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.retry.RetryDecision.AfterDelivery;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job is tried until its attempts and its time are used up. */
final class StageTest {

  private static final Instant BEGIN = Instant.parse("2026-11-23T12:00:00Z");
  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com/hook"), BEGIN.minus(ofDays(30)));
  private static final Duration HORIZON = ofDays(3);

  private final Stage stage = new Stage(new Backoff(ofSeconds(20), ofHours(4)), 10, HORIZON);
  private final RetryPolicy policy = new RetryPolicy(stage, stage);

  @ParameterizedTest
  @CsvSource({
    "1, PT0S, false",
    "1000, PT71H59M59.999S, false", // its attempts are used up, its time is not
    "9, PT72H, false", // its time is used up, its attempts are not
    "9, PT9999H, false",
    "10, PT72H, true", // exactly at the end
    "10, PT9999H, true",
    "11, PT72H, true",
  })
  void aJobIsGivenUpWhenItsAttemptsAndItsTimeAreUsedUp(
      int attempt, Duration after, boolean givenUp) {
    AfterDelivery decision = fail(job(attempt), after, null);

    if (givenUp) {
      assertThat(decision)
          .isInstanceOfSatisfying(
              DeadLetter.class,
              dead -> {
                assertThat(dead.reason().kind()).isEqualTo(Kind.CALLBACK_EXHAUSTED);
                assertThat(dead.reason().attempts()).isEqualTo(attempt);
              });
    } else {
      assertThat(decision)
          .isInstanceOfSatisfying(
              Requeue.class,
              requeue ->
                  assertThat(requeue.job().withNotBefore(null)).isEqualTo(job(attempt).next()));
    }
  }

  /** The acceptance was a month before. */
  @Test
  void theTimeBeginsWithTheStageAndNotWithTheAcceptance() {
    assertThat(fail(job(10), ofHours(71), null)).isInstanceOf(Requeue.class);
  }

  @Test
  void aRedrivenJobHasTheWholeTimeAgain() {
    Job dead = ((DeadLetter) fail(job(10), HORIZON, null)).job();
    Instant redriven = BEGIN.plus(ofDays(10));
    var again = (NeedsCallback) dead.fresh(redriven);

    assertThat(again.attempt()).isOne();
    assertThat(decide(again.next(), redriven.plus(HORIZON).minusMillis(1)))
        .isInstanceOf(Requeue.class);
    NeedsCallback last = again;
    while (last.attempt() < 10) {
      last = last.next();
    }
    assertThat(decide(last, redriven.plus(HORIZON).minusMillis(1))).isInstanceOf(Requeue.class);
    assertThat(decide(last, redriven.plus(HORIZON))).isInstanceOf(DeadLetter.class);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, PT48H, PT48H", // a day more than the longest delay of the policy, and within the time
    "PT0S, PT72H, PT72H",
    "PT0S, PT96H, PT72H", // the last attempt is at the end of the time
    "PT71H, PT12H, PT4H", // up to the longest delay in any case
    "PT72H, PT2H, PT2H",
    "PT72H, PT12H, PT4H",
    "PT71H, PT30M, PT30M",
  })
  void aRetryAfterIsFollowedUntilTheTimeIsUsedUp(
      Duration after, Duration retryAfter, Duration delay) {
    Instant now = BEGIN.plus(after);

    assertThat(stage.delay(job(1), retryAfter, now, 0)).isEqualTo(delay);
  }

  @Test
  void theJobWaitsUntilTheRetryAfter() {
    assertThat(fail(job(1), Duration.ZERO, ofHours(48)))
        .isEqualTo(
            new Requeue(
                job(2).withNotBefore(BEGIN.plus(ofHours(48))), RetryDecision.MAX_QUEUE_DELAY));
  }

  @Test
  void withoutATimeTheAttemptsAloneDecide() {
    var attempts = new Stage(stage.backoff(), 10, Duration.ZERO);

    assertThat(attempts.isUsedUp(job(9), BEGIN)).isFalse();
    assertThat(attempts.isUsedUp(job(10), BEGIN)).isTrue();
    assertThat(attempts.isUsedUp(job(10), BEGIN.minusSeconds(60))).isTrue();
    assertThat(attempts.delay(job(1), ofMinutes(10), BEGIN, 0)).isEqualTo(ofMinutes(10));
  }

  private AfterDelivery fail(NeedsCallback job, Duration after, @Nullable Duration retryAfter) {
    return policy.afterDelivery(job, new Undelivered("http-503", retryAfter), BEGIN.plus(after), 0);
  }

  private AfterDelivery decide(NeedsCallback job, Instant now) {
    return policy.afterDelivery(job, new Undelivered("http-503", null), now, 0);
  }

  private static NeedsCallback job(int attempt) {
    return new NeedsCallback(ACCEPTANCE, "signature", attempt, null, BEGIN, 1);
  }
}
