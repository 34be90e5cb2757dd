package dev.signrelay.retry;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.DeadLetterReason.Kind;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.JobQueue;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.retry.RetryDecision.AfterSigning;
import dev.signrelay.retry.RetryDecision.DeadLetter;
import dev.signrelay.retry.RetryDecision.Requeue;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job's turn came, and no call began. */
final class RetryPolicyMissTest {

  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final Acceptance ACCEPTANCE =
      new Acceptance("id-1", URI.create("https://example.com/hook"), NOW.minusSeconds(60));
  private static final int ATTEMPT = 4;

  private final RetryPolicy policy =
      new RetryPolicy(
          new Stage(new Backoff(ofSeconds(900), ofSeconds(86_400)), 20, Duration.ZERO),
          new Stage(new Backoff(ofSeconds(900), ofSeconds(86_400)), 10, Duration.ZERO));

  static Stream<Arguments> misses() {
    return Stream.of(
        Arguments.of(new GrantExpired(), "grant-expired"),
        Arguments.of(new LimiterUnavailable(new IllegalStateException()), "limiter-unavailable"),
        Arguments.of(new KeyUnavailable(), "key-unavailable"),
        Arguments.of(new CallUnderWay(), "call-under-way"),
        Arguments.of(new NotGranted(ofSeconds(90)), "not-granted"));
  }

  @ParameterizedTest
  @MethodSource("misses")
  void aJobThatMissesItsTurnIsRequeuedWithoutItsGrantAndThatIsNoAttempt(SigningResult result) {
    assertThat(after(job(0).withGrant(grant()), result, 0))
        .isEqualTo(new Requeue(job(1), JobQueue.RETRY, ofSeconds(10)));
  }

  /** They do not depend on the settings, whose delays here are a quarter of an hour and more. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 10",
    "0, 0.5, 15",
    "1, 0, 20",
    "1, 0.5, 30",
    "2, 0, 40",
    "2, 0.25, 50",
    "2, 0.5, 60",
    "2, 0.99, 60", // capped
  })
  void theDelaysOfTheFirstMissesGrowFromTenSecondsToAMinute(
      int misses, double random, long seconds) {
    assertThat(after(job(misses).withGrant(grant()), new GrantExpired(), random))
        .isEqualTo(new Requeue(job(misses + 1), JobQueue.RETRY, ofSeconds(seconds)));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 18})
  void afterThreeMissesTheJobJoinsTheLineAndItsMissesAreKept(int misses) {
    assertThat(after(job(misses).withGrant(grant()), new GrantExpired(), 0))
        .isEqualTo(new Requeue(job(misses + 1), JobQueue.LINE, Duration.ZERO));
  }

  @ParameterizedTest
  @MethodSource("misses")
  void theTwentiethMissIsADeadLetterWithTheAttemptsThatWereMade(
      SigningResult result, String outcome) {
    assertThat(after(job(19), result, 0))
        .isEqualTo(
            new DeadLetter(
                new NeedsSignature(ACCEPTANCE, "message", 1, null).fresh(NOW),
                new DeadLetterReason(Kind.NOT_CALLED, outcome, ATTEMPT - 1)));
  }

  /** Its time is used up a minute after its acceptance. */
  @ParameterizedTest
  @CsvSource({
    "19, PT0.001S, RETRY", // the misses are used up, the time is not
    "10000, PT0.001S, RETRY",
    "18, PT0S, RETRY", // the time is used up, the misses are not
    "19, PT0S, ",
    "10000, PT0S, ",
  })
  void aJobIsDeadLetteredWhenItsMissesAndItsTimeAreUsedUp(
      int misses, Duration left, @Nullable JobQueue queue) {
    var minute = new Stage(policy.signing().backoff(), 20, ofSeconds(60));
    Instant now = ACCEPTANCE.at().plusSeconds(60).minus(left);
    AfterSigning decision =
        new RetryPolicy(minute, minute).afterSigning(job(misses), new KeyUnavailable(), now, 0.5);

    if (queue == null) {
      assertThat(decision).isInstanceOf(DeadLetter.class);
    } else {
      assertThat(decision)
          .isInstanceOfSatisfying(
              Requeue.class,
              requeue -> {
                assertThat(requeue.queue()).isEqualTo(queue);
                assertThat(requeue.delay()).isLessThanOrEqualTo(ofSeconds(60));
              });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {20, Integer.MAX_VALUE})
  void aJobWithMoreMissesThanAllowedIsADeadLetter(int misses) {
    assertThat(after(job(misses), new GrantExpired(), 0)).isInstanceOf(DeadLetter.class);
  }

  @Test
  void aJobThatWasNeverCalledIsADeadLetterWithoutAttempts() {
    NeedsSignature first = new NeedsSignature(ACCEPTANCE, "message", 1, null, null, 19);

    assertThat(after(first, new GrantExpired(), 0))
        .isInstanceOfSatisfying(
            DeadLetter.class, dead -> assertThat(dead.reason().attempts()).isZero());
  }

  /** Its grant was given at once: it came too late while the connection was established. */
  @Test
  void aGrantThatComesTooLateIsAMissEvenOfAJobWithoutATurn() {
    assertThat(after(job(0), new GrantExpired(), 0))
        .isEqualTo(new Requeue(job(1), JobQueue.RETRY, ofSeconds(10)));
  }

  @Test
  void withoutATurnAMissingGrantIsNoMiss() {
    assertThat(after(job(0), new NotGranted(ofSeconds(90)), 0))
        .isEqualTo(new Requeue(job(0), JobQueue.LINE, Duration.ZERO));
    assertThat(after(job(0), new LimiterUnavailable(new IllegalStateException()), 0))
        .isEqualTo(new Requeue(job(0), JobQueue.LINE, Duration.ZERO));
  }

  /** A job that had no turn and whose time is not over is not given up. */
  @Test
  void aJobThatWaitsForTheCallOfAnotherHasAsManyMissesAsOthers() {
    NeedsSignature waiting = new NeedsSignature(ACCEPTANCE, "message", 1, null, null, 19, NOW);
    var inTime =
        new RetryPolicy(new Stage(policy.signing().backoff(), 20, ofSeconds(1)), policy.delivery());

    assertThat(inTime.afterSigning(waiting, new CallUnderWay(), NOW, 0))
        .isInstanceOf(Requeue.class);
    assertThat(inTime.afterSigning(waiting, new CallUnderWay(), NOW.plusSeconds(1), 0))
        .isInstanceOf(DeadLetter.class);
  }

  /** Without a limit, DispatchFunction would send it back at once. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 18})
  void aJobWithoutAnUpstreamKeyWaitsInTheRetryQueueAndNeverInTheLine(int misses) {
    assertThat(after(job(misses), new KeyUnavailable(), 0))
        .isInstanceOfSatisfying(
            Requeue.class,
            requeue -> {
              assertThat(requeue.queue()).isEqualTo(JobQueue.RETRY);
              assertThat(requeue.delay()).isBetween(ofSeconds(10), ofSeconds(60));
              assertThat(((NeedsSignature) requeue.job()).misses()).isEqualTo(misses + 1);
            });
  }

  @Test
  void aCallEndsTheCountOfMisses() {
    var failed = new Called(new Failed("http-503", null), NOW, NOW);

    assertThat(after(job(19), failed, 0))
        .isInstanceOfSatisfying(
            Requeue.class,
            requeue ->
                assertThat(requeue.job())
                    .isInstanceOfSatisfying(
                        NeedsSignature.class,
                        next -> {
                          assertThat(next.attempt()).isEqualTo(ATTEMPT + 1);
                          assertThat(next.misses()).isZero();
                        }));
  }

  /** A job at its last attempt is not dead-lettered as exhausted: no call was made. */
  @Test
  void aMissDoesNotUseUpTheLastAttempt() {
    var last = new NeedsSignature(ACCEPTANCE, "message", 20, null, grant(), 0);

    assertThat(after(last, new GrantExpired(), 0))
        .isInstanceOfSatisfying(
            Requeue.class, requeue -> assertThat(requeue.job().attempt()).isEqualTo(20));
  }

  private AfterSigning after(NeedsSignature job, SigningResult result, double random) {
    return policy.afterSigning(job, result, NOW, random);
  }

  private static NeedsSignature job(int misses) {
    return new NeedsSignature(ACCEPTANCE, "message", ATTEMPT, null, null, misses);
  }

  private static Grant grant() {
    return new Grant("grant-1", NOW.minusSeconds(2), NOW.minusSeconds(1));
  }
}
