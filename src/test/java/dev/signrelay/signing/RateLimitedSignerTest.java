package dev.signrelay.signing;

import static dev.signrelay.limit.GrantWindow.AHEAD;
import static dev.signrelay.limit.GrantWindow.NEAR;
import static dev.signrelay.testing.FakeRateLimiter.grant;
import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.GrantSoon;
import dev.signrelay.job.SigningResult.GrantedLater;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.limit.GrantWindow;
import dev.signrelay.testing.FakeRateLimiter;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.time.SystemTime;
import dev.signrelay.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimitedSignerTest {

  private static final Instant NOW = FakeTime.START;
  private static final Duration MAX_GRANT_WAIT = Duration.ofMillis(250);
  private static final Duration CALL_DURATION = Duration.ofMillis(30);
  private static final Duration MAX_CALL = Duration.ofSeconds(10);
  private static final SigningOutcome SIGNED = new Signed("signature");
  private static final GrantWindow AT_ONCE = GrantWindow.within(MAX_GRANT_WAIT);

  private static final SigningTimeouts TIMEOUTS =
      new SigningTimeouts(NOW.plusSeconds(30), Duration.ofSeconds(1), MAX_CALL);

  private record UpstreamCall(String message, Duration timeout, Grant grant, Instant begun) {}

  private final FakeTime time = new FakeTime();
  private final FakeRateLimiter limiter = new FakeRateLimiter(time);
  private final List<UpstreamCall> calls = new ArrayList<>();
  private final RateLimitedSigner signer = signer(limiter, time, MAX_GRANT_WAIT);
  private boolean connectsInTime = true;

  @Test
  void aGrantThatBeginsNowIsUsedAtOnce() {
    assertThat(attempt(signer)).isEqualTo(new Called(SIGNED, NOW, NOW.plus(CALL_DURATION)));

    assertThat(calls)
        .containsExactly(new UpstreamCall("hello", MAX_CALL, grant("grant-1", NOW), NOW));
    assertThat(limiter.windows).containsExactly(AT_ONCE);
    assertThat(limiter.timeouts).containsExactly(Duration.ofSeconds(1));
  }

  /** The call connects at once, sends when the grant begins, and is measured from then on. */
  @Test
  void aCallWithAGrantThatBeginsSoonConnectsAtOnce() {
    limiter.wait = MAX_GRANT_WAIT;
    Instant start = NOW.plus(MAX_GRANT_WAIT);

    assertThat(attempt(signer, job(null, 0)))
        .isEqualTo(new Called(SIGNED, start, start.plus(CALL_DURATION)));

    assertThat(calls)
        .containsExactly(
            new UpstreamCall("hello", MAX_CALL.plus(MAX_GRANT_WAIT), grant("grant-1", start), NOW));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1999, 0", "2000, 0", "2001, 1", "6000, 4000"})
  void aCallConnectsTwoSecondsBeforeItsGrantBegins(long waitMillis, long connectMillis) {
    RateLimitedSigner patient = signer(limiter, time, Duration.ofSeconds(6));
    Grant carried = grant("carried", NOW.plusMillis(waitMillis));

    assertThat(attempt(patient, job(carried, 0)))
        .isEqualTo(new Called(SIGNED, carried.from(), carried.from().plus(CALL_DURATION)));

    Duration connecting = Duration.ofMillis(waitMillis - connectMillis);
    assertThat(calls)
        .containsExactly(
            new UpstreamCall(
                "hello", MAX_CALL.plus(connecting), carried, NOW.plusMillis(connectMillis)));
  }

  @Test
  void aMessageWithoutAJobWaitsAsLongAsOneWithAJob() {
    limiter.wait = MAX_GRANT_WAIT;

    assertThat(attempt(signer)).isInstanceOf(Called.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {5_000, 45_000})
  void aNearGrantIsReturnedForTheJobToWaitInTheQueue(long waitMillis) {
    limiter.wait = Duration.ofMillis(waitMillis);

    assertThat(attempt(signer, job(null, 0)))
        .isEqualTo(new GrantedLater(grant("grant-1", NOW.plus(limiter.wait)), limiter.wait));

    assertThat(limiter.windows).containsExactly(AT_ONCE, NEAR);
    assertThat(calls).isEmpty();
    assertThat(time.instant()).isEqualTo(NOW);
  }

  @Test
  void withoutANearGrantNoneIsTakenAndTheExpectedWaitInLineIsReturned() {
    limiter.wait = Duration.ofMillis(45_001);

    assertThat(attempt(signer, job(null, 0))).isEqualTo(new NotGranted(limiter.expectedWait));

    assertThat(limiter.windows).containsExactly(AT_ONCE, NEAR);
    assertThat(limiter.acquired()).isZero();
    assertThat(calls).isEmpty();
  }

  /** A grant with time to pass through the queue would put off the one before it. */
  @ParameterizedTest
  @ValueSource(longs = {251, 4_999})
  void aGrantTooNearToPassThroughTheQueueIsLeftForAFunctionThatCanWait(long waitMillis) {
    limiter.wait = Duration.ofMillis(waitMillis);

    assertThat(attempt(signer, job(null, 0))).isEqualTo(new GrantSoon(limiter.wait));

    assertThat(limiter.windows).containsExactly(AT_ONCE);
    assertThat(limiter.acquired()).isZero();
    assertThat(calls).isEmpty();
  }

  @Test
  void aMessageWithoutAJobAcquiresNoGrantBeyondTheLongestWait() {
    limiter.wait = MAX_GRANT_WAIT.plusNanos(1);

    assertThat(attempt(signer)).isEqualTo(new NotGranted(limiter.expectedWait));

    assertThat(limiter.windows).containsExactly(AT_ONCE);
    assertThat(limiter.acquired()).isZero();
    assertThat(calls).isEmpty();
  }

  /** There must be time to connect, which may be why the job missed its turn. */
  @ParameterizedTest
  @CsvSource({"5000, 1", "110000, 3", "110000, 19"})
  void aJobThatMissedItsTurnKeepsItsPlaceWithAGrantAheadButNotAtOnce(long waitMillis, int misses) {
    limiter.wait = Duration.ofMillis(waitMillis);

    assertThat(attempt(signer, job(null, misses)))
        .isEqualTo(new GrantedLater(grant("grant-1", NOW.plus(limiter.wait)), limiter.wait));

    assertThat(limiter.windows).containsExactly(AHEAD);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 250, 4_999, 110_001})
  void aJobThatMissedItsTurnTakesNoOtherGrant(long waitMillis) {
    limiter.wait = Duration.ofMillis(waitMillis);

    assertThat(attempt(signer, job(null, 1))).isEqualTo(new NotGranted(limiter.expectedWait));

    assertThat(limiter.windows).containsExactly(AHEAD);
    assertThat(limiter.acquired()).isZero();
    assertThat(calls).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 19})
  void aCarriedGrantIsClaimedAndNoOtherAcquired(int misses) {
    Grant carried = grant("carried", NOW.plus(MAX_GRANT_WAIT));

    assertThat(attempt(signer, job(carried, misses))).isInstanceOf(Called.class);

    assertThat(calls).extracting(UpstreamCall::grant).containsExactly(carried);
    assertThat(limiter.claimed()).isEqualTo(1);
    assertThat(limiter.acquired()).isZero();
    assertThat(limiter.timeouts).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void anExpiredGrantIsReplacedAtOnceWithoutAClaim() {
    NeedsSignature job = job(grant("carried", NOW.minus(FakeRateLimiter.VALIDITY)), 0);

    assertThat(attempt(signer, job)).isInstanceOf(Called.class);

    assertThat(calls).extracting(UpstreamCall::grant).containsExactly(grant("grant-1", NOW));
    assertThat(limiter.claimed()).isZero();
    assertThat(limiter.windows).containsExactly(AT_ONCE);
  }

  /** The job had its turn, so it keeps its place. */
  @Test
  void anExpiredGrantIsReplacedByOneAhead() {
    limiter.wait = Duration.ofSeconds(110);
    NeedsSignature job = job(grant("carried", NOW.minus(FakeRateLimiter.VALIDITY)), 0);

    assertThat(attempt(signer, job))
        .isEqualTo(new GrantedLater(grant("grant-1", NOW.plusSeconds(110)), limiter.wait));

    assertThat(limiter.windows).containsExactly(AT_ONCE, AHEAD);
  }

  @Test
  void aGrantThatACopyOfTheJobHasClaimedIsReplaced() {
    limiter.wait = Duration.ofSeconds(60);
    NeedsSignature copy = job(grant("carried", NOW), 0);

    assertThat(attempt(signer, copy)).isInstanceOf(Called.class);
    Instant now = time.instant();
    assertThat(attempt(signer, copy))
        .isEqualTo(new GrantedLater(grant("grant-1", now.plusSeconds(60)), limiter.wait));

    assertThat(calls).hasSize(1);
  }

  @Test
  void aGrantThatExpiresWhileItIsClaimedIsNotUsed() {
    limiter.duringClaim = () -> time.advance(FakeRateLimiter.VALIDITY);

    assertThat(attempt(signer, job(grant("carried", NOW), 0))).isEqualTo(new GrantExpired());

    assertThat(calls).isEmpty();
    assertThat(limiter.acquired()).isZero();
  }

  /** Otherwise the attempt would count although nothing was sent. */
  @ParameterizedTest
  @CsvSource({"499, false", "500, true"})
  void aGrantWithTooLittleTimeAfterItBeginsIsNotUsed(long millisLeft, boolean called) {
    limiter.wait = MAX_GRANT_WAIT;
    var timeouts = new SigningTimeouts(NOW.plusMillis(millisLeft), Duration.ofSeconds(1), MAX_CALL);

    assertThat(signer.attempt("id", "message", timeouts).result())
        .isInstanceOf(called ? Called.class : GrantExpired.class);

    assertThat(calls).hasSize(called ? 1 : 0);
  }

  @Test
  void aConnectionThatIsEstablishedTooLateIsAnExpiredGrantAndNoCall() {
    connectsInTime = false;

    assertThat(attempt(signer)).isEqualTo(new GrantExpired());
    assertThat(attempt(signer, job(null, 0))).isEqualTo(new GrantExpired());
  }

  @Test
  void claimingAndAcquiringShareTheTimeOfTheLimiter() {
    NeedsSignature copy = job(grant("carried", NOW.plusSeconds(5)), 0);
    limiter.claim(copy.grant(), Duration.ofSeconds(1));
    limiter.timeouts.clear();
    limiter.wait = Duration.ofSeconds(5);
    limiter.duringClaim = () -> time.advance(Duration.ofMillis(600));

    attempt(signer, copy);

    assertThat(limiter.timeouts)
        .containsExactly(Duration.ofSeconds(1), Duration.ofMillis(400), Duration.ofMillis(400));
  }

  @Test
  void withoutAnAnswerOfTheLimiterTheUpstreamIsNotCalled() {
    limiter.isDown = true;

    assertThat(
            List.of(
                attempt(signer),
                attempt(signer, job(null, 0)),
                attempt(signer, job(null, 1)),
                attempt(signer, job(grant("carried", NOW), 0))))
        .allSatisfy(
            attempt ->
                assertThat(attempt)
                    .isInstanceOfSatisfying(
                        LimiterUnavailable.class,
                        unavailable ->
                            assertThat(unavailable.cause()).hasMessage("the limiter is down")));
    assertThat(calls).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"250, true", "249, false", "0, false", "-1, false"})
  void withLessThan250MillisecondsNoGrantIsRequestedOrClaimed(long millisLeft, boolean called) {
    time.advance(Duration.ofSeconds(30).minusMillis(millisLeft));
    NeedsSignature granted = job(grant("carried", time.instant()), 0);

    assertThat(attempt(signer, granted) instanceof Called).isEqualTo(called);

    if (!called) {
      assertThat(List.of(attempt(signer), attempt(signer, granted))).containsOnly(new OutOfTime());
      assertThat(limiter.timeouts).isEmpty();
      assertThat(calls).isEmpty();
    }
  }

  /** It would be lost. */
  @ParameterizedTest
  @CsvSource({
    "20, 0, 19750", // the latest grant that leaves time for a call
    "200, 0, 45000",
    "20, 3, 19750", // a job that had its turn
    "200, 3, 110000",
  })
  void noGrantIsTakenThatBeginsWhenTheJobHasExpired(long secondsLeft, int misses, long latest) {
    limiter.wait = Duration.ofMillis(latest + 1);

    assertThat(attempt(signer, expiring(secondsLeft * 1_000, misses)))
        .isEqualTo(new NotGranted(limiter.expectedWait));

    assertThat(limiter.windows).last().extracting(GrantWindow::to).isEqualTo(ofMillis(latest));
    assertThat(limiter.acquired()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {250, 251, 400})
  void aGrantForNowIsTakenIfTheCallCanEndBeforeTheJobExpires(long millisLeft) {
    assertThat(attempt(signer, expiring(millisLeft, 0))).isInstanceOf(Called.class);

    assertThat(limiter.windows)
        .extracting(GrantWindow::to)
        .containsExactly(ofMillis(Math.min(250, millisLeft - 250)));
  }

  @Test
  void aJobThatExpiresBeforeAnyLaterGrantTakesNone() {
    limiter.wait = ofMillis(5_000);

    assertThat(attempt(signer, expiring(5_249, 0))).isEqualTo(new NotGranted(ofMillis(5_249)));

    assertThat(limiter.windows).containsExactly(AT_ONCE);
  }

  private static NeedsSignature expiring(long millisLeft, int misses) {
    var acceptance =
        new Acceptance(
            "job-7",
            URI.create("https://receiver.example/in"),
            NOW.minusSeconds(60),
            NOW.plusMillis(millisLeft),
            "");
    return new NeedsSignature(acceptance, "hello", 2, null, null, misses);
  }

  @Test
  void anInterruptedWaitIsNotFollowedByACall() {
    var system = new SystemTime();
    var slow = new FakeRateLimiter(system);
    slow.wait = Duration.ofHours(1);
    RateLimitedSigner patient = signer(slow, system, Duration.ofHours(2));
    var timeouts =
        new SigningTimeouts(system.instant().plusSeconds(30), Duration.ofSeconds(30), MAX_CALL);

    Thread.currentThread().interrupt();
    List<SigningResult> attempts =
        List.of(
            patient.attempt("id-1", "hello", timeouts).result(),
            patient.attempt(job(null, 0), timeouts).result());

    assertThat(Thread.interrupted()).isTrue();
    assertThat(attempts).containsOnly(new GrantExpired());
    assertThat(calls).isEmpty();
  }

  private static SigningResult attempt(RateLimitedSigner signer) {
    Signing attempt = signer.attempt("id-1", "hello", TIMEOUTS);
    assertThat(attempt).isEqualTo(new Signing("id-1", "", 1, null, attempt.result()));
    return attempt.result();
  }

  private static SigningResult attempt(RateLimitedSigner signer, NeedsSignature job) {
    Signing attempt = signer.attempt(job, TIMEOUTS);
    assertThat(attempt).isEqualTo(Signing.of(job, attempt.result()));
    return attempt.result();
  }

  private RateLimitedSigner signer(
      FakeRateLimiter rateLimiter, TimeSource clock, Duration maxGrantWait) {
    return new RateLimitedSigner(
        rateLimiter,
        (message, timeout, grant) -> {
          calls.add(new UpstreamCall(message, timeout, grant, time.instant()));
          time.sleepUntil(grant.from());
          time.advance(CALL_DURATION);
          return connectsInTime ? Optional.of(SIGNED) : Optional.empty();
        },
        clock,
        maxGrantWait);
  }

  private static NeedsSignature job(@Nullable Grant grant, int misses) {
    return new NeedsSignature(
        new Acceptance("job-7", URI.create("https://receiver.example/in"), NOW),
        "hello",
        2,
        null,
        grant,
        misses);
  }
}
