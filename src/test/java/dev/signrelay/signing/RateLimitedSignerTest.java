package dev.signrelay.signing;

import static dev.signrelay.testing.FakeRateLimiter.grant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Attempt.Signing;
import dev.signrelay.job.Grant;
import dev.signrelay.job.Job.Acceptance;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantedLater;
import dev.signrelay.job.SigningResult.Interrupted;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.testing.FakeRateLimiter;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.time.SystemTime;
import dev.signrelay.time.TimeSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RateLimitedSignerTest {

  private static final Instant NOW = FakeTime.START;
  private static final Duration MAX_GRANT_WAIT = Duration.ofMillis(250);
  private static final Duration CALL_DURATION = Duration.ofMillis(30);
  private static final SigningOutcome SIGNED = new Signed("signature");

  private static final SigningTimeouts TIMEOUTS =
      new SigningTimeouts(NOW.plusSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(10));

  private record UpstreamCall(String message, Duration timeout, Instant sendBefore) {}

  private final FakeTime time = new FakeTime();
  private final FakeRateLimiter limiter = new FakeRateLimiter(time);
  private final List<UpstreamCall> calls = new ArrayList<>();
  private final RateLimitedSigner signer = signer(limiter, time, MAX_GRANT_WAIT);

  @Test
  void aGrantThatBeginsNowIsUsedAtOnce() {
    assertThat(attempt(signer)).isEqualTo(new Called(SIGNED, NOW, NOW.plus(CALL_DURATION)));

    assertThat(calls).containsExactly(callAfter(Duration.ZERO));
    assertThat(limiter.timeouts).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void aGrantWithinTheLongestWaitIsWaitedFor() {
    limiter.wait = MAX_GRANT_WAIT;
    Instant start = NOW.plus(MAX_GRANT_WAIT);

    assertThat(attempt(signer, job(null)))
        .isEqualTo(new Called(SIGNED, start, start.plus(CALL_DURATION)));

    assertThat(calls).containsExactly(callAfter(MAX_GRANT_WAIT));
  }

  @Test
  void aMessageWithoutAJobWaitsAsLongAsOneWithAJob() {
    limiter.wait = MAX_GRANT_WAIT;

    assertThat(attempt(signer)).isInstanceOf(Called.class);

    assertThat(calls).containsExactly(callAfter(MAX_GRANT_WAIT));
  }

  @Test
  void aGrantBeyondTheLongestWaitIsReturnedForTheJobToWaitInTheQueue() {
    limiter.wait = MAX_GRANT_WAIT.plusNanos(1);

    assertThat(attempt(signer, job(null)))
        .isEqualTo(new GrantedLater(grant("grant-1", NOW.plus(limiter.wait)), limiter.wait));

    assertThat(calls).isEmpty();
    assertThat(time.instant()).isEqualTo(NOW);
  }

  @Test
  void aMessageWithoutAJobAcquiresNoGrantBeyondTheLongestWait() {
    limiter.wait = MAX_GRANT_WAIT.plusNanos(1);

    assertThat(attempt(signer)).isEqualTo(new NotGranted());

    assertThat(limiter.acquired()).isZero();
    assertThat(calls).isEmpty();
  }

  @Test
  void aCarriedGrantIsClaimedAndNoOtherAcquired() {
    NeedsSignature job = job(grant("carried", NOW.plus(MAX_GRANT_WAIT)));

    assertThat(attempt(signer, job)).isInstanceOf(Called.class);

    assertThat(calls).containsExactly(callAfter(MAX_GRANT_WAIT));
    assertThat(limiter.claimed()).isEqualTo(1);
    assertThat(limiter.acquired()).isZero();
    assertThat(limiter.timeouts).containsExactly(Duration.ofSeconds(1));
  }

  @Test
  void anExpiredGrantIsReplacedWithoutAClaim() {
    NeedsSignature job = job(grant("carried", NOW.minus(FakeRateLimiter.TOLERANCE)));

    assertThat(attempt(signer, job)).isInstanceOf(Called.class);

    assertThat(calls).containsExactly(callAfter(Duration.ZERO));
    assertThat(limiter.claimed()).isZero();
    assertThat(limiter.acquired()).isEqualTo(1);
  }

  @Test
  void aGrantThatACopyOfTheJobHasClaimedIsReplaced() {
    limiter.wait = Duration.ofSeconds(60);
    NeedsSignature copy = job(grant("carried", NOW));

    assertThat(attempt(signer, copy)).isInstanceOf(Called.class);
    Instant now = time.instant();
    assertThat(attempt(signer, copy))
        .isEqualTo(new GrantedLater(grant("grant-1", now.plusSeconds(60)), limiter.wait));

    assertThat(calls).hasSize(1);
  }

  @Test
  void claimingAndAcquiringShareTheTimeOfTheLimiter() {
    limiter.duringClaim = () -> time.advance(Duration.ofMillis(600));
    NeedsSignature copy = job(grant("carried", NOW.plusSeconds(5)));
    limiter.claim(copy.grant(), Duration.ofSeconds(1));
    limiter.timeouts.clear();

    attempt(signer, copy);

    assertThat(limiter.timeouts).hasSize(2);
    assertThat(limiter.timeouts.getFirst().minus(limiter.timeouts.getLast()))
        .isEqualTo(Duration.ofMillis(600));
  }

  @Test
  void withoutAnAnswerOfTheLimiterTheUpstreamIsNotCalled() {
    limiter.isDown = true;

    assertThat(
            List.of(
                attempt(signer),
                attempt(signer, job(null)),
                attempt(signer, job(grant("carried", NOW)))))
        .allSatisfy(
            attempt ->
                assertThat(attempt)
                    .isInstanceOfSatisfying(
                        LimiterUnavailable.class,
                        unavailable ->
                            assertThat(unavailable.cause()).hasMessage("the limiter is down")));
    assertThat(calls).isEmpty();
  }

  @Test
  void anInterruptedWaitIsNotFollowedByACall() {
    var system = new SystemTime();
    var slow = new FakeRateLimiter(system);
    slow.wait = Duration.ofHours(1);
    RateLimitedSigner patient = signer(slow, system, Duration.ofHours(2));

    Thread.currentThread().interrupt();
    List<SigningResult> attempts = List.of(attempt(patient), attempt(patient, job(null)));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(attempts).containsOnly(new Interrupted());
    assertThat(calls).isEmpty();
  }

  private static SigningResult attempt(RateLimitedSigner signer) {
    Signing attempt = signer.attempt("id-1", "hello", TIMEOUTS);
    assertThat(attempt).isEqualTo(new Signing("id-1", "hello", 1, null, attempt.result()));
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
        (message, timeout, sendBefore) -> {
          calls.add(new UpstreamCall(message, timeout, sendBefore));
          time.advance(CALL_DURATION);
          return SIGNED;
        },
        clock,
        maxGrantWait);
  }

  /** The call that a grant allows which begins after a wait. */
  private static UpstreamCall callAfter(Duration wait) {
    return new UpstreamCall(
        "hello", Duration.ofSeconds(2).minus(wait), NOW.plus(wait).plus(FakeRateLimiter.TOLERANCE));
  }

  private static NeedsSignature job(@Nullable Grant grant) {
    return new NeedsSignature(
        new Acceptance("job-7", URI.create("https://receiver.example/in"), NOW),
        "hello",
        2,
        null,
        grant);
  }
}
