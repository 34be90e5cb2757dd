package dev.signrelay.signing;

import static dev.signrelay.testing.FakeSignatureCache.Request.LEASE;
import static dev.signrelay.testing.FakeSignatureCache.Request.READ;
import static dev.signrelay.testing.FakeSignatureCache.Request.RELEASE;
import static dev.signrelay.testing.FakeSignatureCache.Request.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.cache.SignatureCache.Entry.Leased;
import dev.signrelay.cache.SignatureCache.Entry.Vacant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Failed;
import dev.signrelay.job.SigningOutcome.Rejected;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.CallUnderWay;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.job.SigningResult.Reused;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeRateLimiter;
import dev.signrelay.testing.FakeSignatureCache;
import dev.signrelay.testing.FakeSignatureCache.Request;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class CachingSignerTest {

  private static final Instant NOW = FakeTime.START;
  private static final Duration REUSE = Duration.ofSeconds(60);
  private static final Duration CALL_DURATION = Duration.ofMillis(30);
  private static final Duration MAX_CALL = Duration.ofSeconds(10);

  /** Those of SignFunction. */
  private static final SigningTimeouts TIMEOUTS =
      new SigningTimeouts(NOW.plusMillis(1_450), Duration.ofMillis(700), MAX_CALL);

  private final Clock time = new Clock();
  private final FakeRateLimiter limiter = new FakeRateLimiter(time);
  private final FakeSignatureCache cache = new FakeSignatureCache(time, REUSE);
  private final List<String> calls = new ArrayList<>();
  private final List<Duration> callTimeouts = new ArrayList<>();
  private final List<LogEvent> log = new ArrayList<>();
  private SigningOutcome upstream = new Signed("signature");
  private int owners;

  private final JobSigner signer =
      new CachingSigner(
          new RateLimitedSigner(
              timeout -> limiter.acquire(Duration.ofMillis(250), timeout),
              (message, timeout, _) -> {
                calls.add(message);
                callTimeouts.add(timeout);
                time.advance(CALL_DURATION);
                return Optional.of(upstream);
              },
              time),
          cache,
          time,
          () -> "owner-" + owners++,
          log::add);

  /** A clock with events, which happen while somebody sleeps. */
  private static final class Clock extends FakeTime {

    private Instant eventAt = Instant.MAX;
    private Runnable event = () -> {};

    void at(Duration sinceStart, Runnable happens) {
      eventAt = NOW.plus(sinceStart);
      event = happens;
    }

    @Override
    public boolean sleepUntil(Instant until) {
      if (!eventAt.isAfter(until)) {
        eventAt = Instant.MAX;
        event.run();
      }
      return super.sleepUntil(until);
    }
  }

  @Test
  void aSignatureIsReusedWithoutAGrantAndACall() {
    assertThat(attempt()).isInstanceOf(Called.class);
    time.advance(Duration.ofSeconds(9));
    cache.requests.clear();

    assertThat(attempt(NOW.plusSeconds(30)))
        .isEqualTo(new Reused("signature", Duration.ofSeconds(9)));

    assertThat(cache.requests).containsExactly(READ);
    assertThat(limiter.acquired()).isOne();
    assertThat(calls).hasSize(1);
  }

  @Test
  void aSignatureThatIsOlderThanTheSettingIsObtainedAnew() {
    attempt();
    time.advance(REUSE.plusMillis(1));

    assertThat(attempt(NOW.plus(REUSE).plusSeconds(30))).isInstanceOf(Called.class);
  }

  @Test
  void aCallCostsOneReadAndTwoWritesBesideItsGrant() {
    attempt();

    assertThat(cache.requests).containsExactly(READ, LEASE, STORE);
    assertThat(cache.leased()).isEmpty();
    assertThat(limiter.timeouts).hasSize(1);
  }

  /** The time of the write is reserved, so that it does not delay the answer. */
  @Test
  void theCallEndsBeforeTheDeadlineByTheTimeOfAWrite() {
    attempt();

    assertThat(callTimeouts).containsExactly(Duration.ofMillis(1_350));
    assertThat(cache.timeouts).allMatch(timeout -> timeout.equals(Duration.ofMillis(350)));
  }

  @Test
  void aMessageThatIsNotSignedIsNotKept() {
    for (SigningOutcome outcome : List.of(new Failed("http-503", null), new Rejected("http-400"))) {
      upstream = outcome;
      cache.requests.clear();

      assertThat(attempt(time.instant().plusSeconds(1)))
          .isInstanceOfSatisfying(
              Called.class, called -> assertThat(called.outcome()).isEqualTo(outcome));
      assertThat(cache.requests).containsExactly(READ, LEASE, RELEASE);
      assertThat(cache.leased()).isEmpty();
    }
  }

  @Test
  void aLimiterThatRefusesOrFailsEndsTheLease() {
    limiter.wait = Duration.ofMinutes(1);
    assertThat(attempt()).isInstanceOf(NotGranted.class);
    assertThat(cache.leased()).isEmpty();

    limiter.isDown = true;
    assertThat(attempt()).isInstanceOf(LimiterUnavailable.class);
    assertThat(cache.leased()).isEmpty();
  }

  @Test
  void anAttemptWaitsForTheSignatureOfACallThatIsUnderWay() {
    otherCallBegins(Duration.ofSeconds(10));
    time.at(
        Duration.ofMillis(400),
        () -> cache.store("hello", "other", NOW.plusMillis(400), Duration.ZERO));

    assertThat(attempt()).isEqualTo(new Reused("other", Duration.ofMillis(75)));

    // After 100, 250 and 475 ms.
    assertThat(time.instant()).isEqualTo(NOW.plusMillis(475));
    assertThat(cache.requests).containsExactly(READ, READ, READ, STORE, READ);
    assertThat(calls).isEmpty();
    assertThat(limiter.timeouts).isEmpty();
  }

  @Test
  void anAttemptMakesTheCallItselfIfTheOtherOneFailed() {
    otherCallBegins(Duration.ofSeconds(10));
    time.at(Duration.ofMillis(50), () -> cache.release("hello", "other", Duration.ZERO));

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(time.instant()).isEqualTo(NOW.plusMillis(100).plus(CALL_DURATION));
  }

  @Test
  void aHolderThatDiedIsFollowedByAnotherWhenItsLeaseEnds() {
    otherCallBegins(Duration.ofMillis(600));

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(time.instant()).isEqualTo(NOW.plusMillis(775).plus(CALL_DURATION));
    assertThat(cache.leased()).isEmpty();
  }

  @Test
  void anAttemptWaitsUntilItsTimeIsOver() {
    otherCallBegins(Duration.ofSeconds(10));

    assertThat(attempt()).isEqualTo(new CallUnderWay());

    assertThat(time.instant()).isEqualTo(NOW.plusMillis(1_350));
    assertThat(cache.requests).containsOnly(READ).hasSize(7);
    assertThat(cache.leased()).containsExactly("hello");
    assertThat(calls).isEmpty();
  }

  @Test
  void aCallForAnotherMessageDoesNotWait() {
    assertThat(cache.lease("other", "other", NOW.plusSeconds(10), Duration.ZERO))
        .isEqualTo(new Vacant());

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(time.instant()).isEqualTo(NOW.plus(CALL_DURATION));
  }

  @Test
  void aLeaseEndsTwoSecondsAfterItsHoldersDeadline() {
    cache.refused.add(STORE);
    attempt();

    time.sleepUntil(NOW.plusMillis(3_450));
    assertThat(cache.read("hello", Duration.ZERO)).isEqualTo(new Leased());
    time.sleepUntil(NOW.plusMillis(3_451));
    assertThat(cache.read("hello", Duration.ZERO)).isEqualTo(new Vacant());
  }

  @ParameterizedTest
  @EnumSource
  void aCacheThatFailsPreventsNoCallAndIsLoggedOnce(Request failing) {
    cache.refused.add(failing);
    upstream = failing == RELEASE ? new Failed("http-503", null) : upstream;

    assertThat(attempt())
        .isEqualTo(new Called(upstream, time.instant().minus(CALL_DURATION), time.instant()));

    assertThat(log)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.name()).isEqualTo("signature cache unavailable");
              assertThat(event.fields()).containsEntry("id", "id-1");
              assertThat(event.measurements()).containsEntry(Metric.CACHE_UNAVAILABLE, 1);
            });
  }

  /** The lease may have been taken, so others may wait for the signature. */
  @Test
  void aLeaseWhoseAnswerIsLostIsEndedByTheSignature() {
    cache.unanswered.add(LEASE);

    assertThat(attempt()).isInstanceOf(Called.class);

    assertThat(cache.leased()).isEmpty();
    assertThat(attempt()).isInstanceOf(Reused.class);
    assertThat(log).hasSize(1);
  }

  @Test
  void aCacheThatFailsWhileAnAttemptWaitsIsFollowedByACall() {
    otherCallBegins(Duration.ofSeconds(10));
    time.at(Duration.ofMillis(50), () -> cache.refused.add(READ));

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(cache.requests).containsExactly(READ, READ);
  }

  @Test
  void withoutTheUpstreamsKeyThereIsNoCache() {
    cache.keyIsKnown = false;

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(cache.requests).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void withTooLittleTimeForACallTheCacheIsNotRead() {
    assertThat(attempt(NOW.plusMillis(249))).isEqualTo(new OutOfTime());
    assertThat(cache.requests).isEmpty();
  }

  @Test
  void withTooLittleTimeForACallAndItsStoreNoLeaseIsTaken() {
    assertThat(attempt(NOW.plusMillis(349))).isEqualTo(new OutOfTime());
    assertThat(cache.requests).containsExactly(READ);
  }

  private void otherCallBegins(Duration lease) {
    cache.lease("hello", "other", NOW.plus(lease), Duration.ZERO);
    cache.requests.clear();
    cache.timeouts.clear();
  }

  private SigningResult attempt() {
    return attempt(TIMEOUTS.deadline());
  }

  private SigningResult attempt(Instant deadline) {
    return signer.attempt(
        "id-1",
        "hello",
        new SigningTimeouts(deadline, TIMEOUTS.maxLimiterTime(), TIMEOUTS.maxUpstreamTime()));
  }
}
