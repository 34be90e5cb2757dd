package dev.signrelay.attempt;

import static dev.signrelay.testing.FakeJobTable.Method.LEASE_SIGNATURE;
import static dev.signrelay.testing.FakeJobTable.Method.RELEASE_SIGNATURE;
import static dev.signrelay.testing.FakeJobTable.Method.STORE_SIGNATURE;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.signrelay.jobrecord.CacheEntry;
import dev.signrelay.jobrecord.CacheEntry.Leased;
import dev.signrelay.jobrecord.CacheEntry.Vacant;
import dev.signrelay.jobrecord.JobTable;
import dev.signrelay.jobrecord.JobTable.Rules;
import dev.signrelay.telemetry.LogEvent;
import dev.signrelay.telemetry.Metric;
import dev.signrelay.testing.FakeJobTable;
import dev.signrelay.testing.FakeJobTable.Method;
import dev.signrelay.testing.FakeRateLimiter;
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
  private final FakeJobTable cache = new FakeJobTable(time);
  private final JobTable table = cache.with(new Rules(Duration.ofDays(1), REUSE, 0));
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
          table,
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
    cache.clear();

    assertThat(attempt(NOW.plusSeconds(30)))
        .isEqualTo(new Reused("signature", Duration.ofSeconds(9)));

    assertThat(cache.methods()).containsExactly(LEASE_SIGNATURE);
    assertThat(limiter.acquired()).isOne();
    assertThat(calls).hasSize(1);
  }

  /** The time of the last write is reserved, so that it does not delay the answer. */
  @Test
  void aCallCostsTwoWritesAndEndsBeforeTheDeadlineByTheTimeOfAWrite() {
    attempt();

    assertThat(cache.methods()).containsExactly(LEASE_SIGNATURE, STORE_SIGNATURE);
    assertThat(cache.timeouts()).allMatch(timeout -> timeout.equals(Duration.ofMillis(350)));
    assertThat(cache.leases()).isZero();
    assertThat(limiter.timeouts).hasSize(1);
    assertThat(callTimeouts).containsExactly(Duration.ofMillis(1_350));
  }

  @Test
  void aMessageThatIsNotSignedIsNotKept() {
    for (SigningOutcome outcome : List.of(new Failed("http-503", null), new Rejected("http-400"))) {
      upstream = outcome;
      cache.clear();

      assertThat(attempt(time.instant().plusSeconds(1)))
          .isInstanceOfSatisfying(
              Called.class, called -> assertThat(called.outcome()).isEqualTo(outcome));
      assertThat(cache.methods()).containsExactly(LEASE_SIGNATURE, RELEASE_SIGNATURE);
      assertThat(cache.leases()).isZero();
    }
  }

  @Test
  void aLimiterThatRefusesOrFailsEndsTheLease() {
    limiter.wait = Duration.ofMinutes(1);
    assertThat(attempt()).isInstanceOf(NotGranted.class);
    assertThat(cache.leases()).isZero();

    limiter.isDown = true;
    assertThat(attempt()).isInstanceOf(LimiterUnavailable.class);
    assertThat(cache.leases()).isZero();
  }

  @Test
  void anAttemptWaitsForTheSignatureOfACallThatIsUnderWay() {
    otherCallBegins(Duration.ofSeconds(10));
    time.at(
        Duration.ofMillis(400),
        () -> table.storeSignature("hello", "other", NOW.plusMillis(400), Duration.ZERO));

    assertThat(attempt()).isEqualTo(new Reused("other", Duration.ofMillis(75)));

    // After 100, 250 and 475 ms.
    assertThat(time.instant()).isEqualTo(NOW.plusMillis(475));
    assertThat(cache.methods())
        .containsExactly(
            LEASE_SIGNATURE, LEASE_SIGNATURE, LEASE_SIGNATURE, STORE_SIGNATURE, LEASE_SIGNATURE);
    assertThat(calls).isEmpty();
    assertThat(limiter.timeouts).isEmpty();
  }

  @Test
  void anAttemptMakesTheCallItselfIfTheOtherOneFailed() {
    otherCallBegins(Duration.ofSeconds(10));
    time.at(Duration.ofMillis(50), () -> table.releaseSignature("hello", "other", Duration.ZERO));

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(time.instant()).isEqualTo(NOW.plusMillis(100).plus(CALL_DURATION));
  }

  @Test
  void aHolderThatDiedIsFollowedByAnotherWhenItsLeaseEnds() {
    otherCallBegins(Duration.ofMillis(600));

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(time.instant()).isEqualTo(NOW.plusMillis(775).plus(CALL_DURATION));
    assertThat(cache.leases()).isZero();
  }

  @Test
  void anAttemptWaitsUntilItsTimeIsOver() {
    otherCallBegins(Duration.ofSeconds(10));

    assertThat(attempt()).isEqualTo(new CallUnderWay());

    assertThat(time.instant()).isEqualTo(NOW.plusMillis(1_350));
    assertThat(cache.methods()).containsOnly(LEASE_SIGNATURE).hasSize(7);
    assertThat(cache.leases()).isOne();
    assertThat(calls).isEmpty();
  }

  @Test
  void aLeaseEndsTwoSecondsAfterItsHoldersDeadline() {
    cache.refused.add(STORE_SIGNATURE);
    attempt();

    time.sleepUntil(NOW.plusMillis(3_450));
    assertThat(lease(Duration.ofSeconds(4))).isEqualTo(new Leased());
    time.sleepUntil(NOW.plusMillis(3_451));
    assertThat(lease(Duration.ofSeconds(4))).isEqualTo(new Vacant());
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = ".*_SIGNATURE")
  void aCacheThatFailsPreventsNoCallAndIsLoggedOnce(Method failing) {
    cache.refused.add(failing);
    upstream = failing == RELEASE_SIGNATURE ? new Failed("http-503", null) : upstream;

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
    cache.unanswered.add(LEASE_SIGNATURE);

    assertThat(attempt()).isInstanceOf(Called.class);

    assertThat(cache.leases()).isZero();
    assertThat(attempt()).isInstanceOf(Reused.class);
    assertThat(log).hasSize(1);
  }

  @Test
  void aCacheThatFailsWhileAnAttemptWaitsIsFollowedByACall() {
    otherCallBegins(Duration.ofSeconds(10));
    time.at(Duration.ofMillis(50), () -> cache.refused.add(LEASE_SIGNATURE));

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(cache.methods()).containsExactly(LEASE_SIGNATURE, LEASE_SIGNATURE, STORE_SIGNATURE);
  }

  @Test
  void withoutTheUpstreamsKeyThereIsNoCache() {
    cache.keyIsKnown = false;

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(cache.methods()).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void withTooLittleTimeForACallTheCacheIsNotAsked() {
    assertThat(attempt(NOW.plusMillis(249))).isEqualTo(new OutOfTime());
    assertThat(cache.methods()).isEmpty();
  }

  @Test
  void withTooLittleTimeForACallAndItsStoreTheLeaseIsReleased() {
    assertThat(attempt(NOW.plusMillis(349))).isEqualTo(new OutOfTime());
    assertThat(cache.timeouts()).containsOnly(Duration.ofMillis(349));
    assertThat(cache.methods()).containsExactly(LEASE_SIGNATURE, RELEASE_SIGNATURE);
  }

  private void otherCallBegins(Duration lease) {
    var _ = lease(lease);
    cache.clear();
  }

  private CacheEntry lease(Duration time) {
    return table.leaseSignature("hello", "other", NOW.plus(time), Duration.ZERO);
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
