package dev.signrelay.attempt;

import static dev.signrelay.testing.FakeRateLimiter.grant;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.GrantExpired;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.LimiterUnavailable;
import dev.signrelay.job.SigningResult.NotGranted;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.testing.FakeRateLimiter;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  private record UpstreamCall(String message, Duration timeout, Grant grant, Instant begun) {}

  private final FakeTime time = new FakeTime();
  private final FakeRateLimiter limiter = new FakeRateLimiter(time);
  private final List<UpstreamCall> calls = new ArrayList<>();
  private Duration answerTakes = Duration.ZERO;
  private boolean connectsInTime = true;
  private final List<Duration> keyReads = new ArrayList<>();
  private Runnable keyRead = () -> {};

  /** The call connects at once, sends when the grant begins, and is measured from then on. */
  @ParameterizedTest
  @ValueSource(longs = {0, 250})
  void aGrantThatBeginsNowOrSoonIsUsedAtOnce(long waitMillis) {
    limiter.wait = Duration.ofMillis(waitMillis);
    Instant start = NOW.plus(limiter.wait);

    assertThat(attempt()).isEqualTo(new Called(SIGNED, start, start.plus(CALL_DURATION)));

    assertThat(calls)
        .containsExactly(
            new UpstreamCall("hello", MAX_CALL.plus(limiter.wait), grant("grant-1", start), NOW));
    assertThat(limiter.timeouts).containsExactly(Duration.ofSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutAGrantTheUpstreamIsNotCalledAndTheExpectedWaitInLineIsReturned(boolean isKnown) {
    limiter.wait = MAX_GRANT_WAIT.plusNanos(1);
    limiter.lineIsKnown = isKnown;

    assertThat(attempt()).isEqualTo(new NotGranted(limiter.expectedWait, isKnown));

    assertThat(limiter.acquired()).isZero();
    assertThat(calls).isEmpty();
  }

  @Test
  void aGrantThatHasExpiredWhenTheAnswerArrivesIsNotUsed() {
    answerTakes = FakeRateLimiter.VALIDITY;

    assertThat(attempt()).isEqualTo(new GrantExpired());

    assertThat(calls).isEmpty();
  }

  /** Otherwise the attempt would count although nothing was sent. */
  @ParameterizedTest
  @CsvSource({"499, false", "500, true"})
  void aGrantWithTooLittleTimeAfterItBeginsIsNotUsed(long millisLeft, boolean called) {
    limiter.wait = MAX_GRANT_WAIT;

    assertThat(attempt(NOW.plusMillis(millisLeft)))
        .isInstanceOf(called ? Called.class : GrantExpired.class);

    assertThat(calls).hasSize(called ? 1 : 0);
  }

  @Test
  void aConnectionThatIsEstablishedTooLateIsAnExpiredGrantAndNoCall() {
    connectsInTime = false;

    assertThat(attempt()).isEqualTo(new GrantExpired());
  }

  @Test
  void withoutAnAnswerOfTheLimiterTheUpstreamIsNotCalled() {
    limiter.isDown = true;

    assertThat(attempt())
        .isInstanceOfSatisfying(
            LimiterUnavailable.class,
            unavailable -> assertThat(unavailable.cause()).hasMessage("the limiter is down"));
    assertThat(calls).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"250, true", "249, false", "0, false", "-1, false"})
  void withLessThan250MillisecondsNoGrantIsRequested(long millisLeft, boolean called) {
    SigningResult result = attempt(NOW.plusMillis(millisLeft));

    if (called) {
      assertThat(result).isInstanceOf(Called.class);
      assertThat(limiter.timeouts).containsExactly(Duration.ofMillis(millisLeft));
    } else {
      assertThat(result).isEqualTo(new OutOfTime());
      assertThat(limiter.timeouts).isEmpty();
      assertThat(calls).isEmpty();
    }
  }

  /** Without the key, the grant would be lost. */
  @ParameterizedTest
  @CsvSource({"1200, true", "1201, false"})
  void theKeyIsReadBeforeAGrantIsTakenIfThereIsTimeForACallAfterwards(long millis, boolean called) {
    keyRead =
        () -> {
          assertThat(limiter.timeouts).isEmpty();
          time.advance(Duration.ofMillis(millis));
        };

    assertThat(attempt(NOW.plusMillis(1_450)))
        .isInstanceOf(called ? Called.class : OutOfTime.class);

    assertThat(keyReads).containsExactly(Duration.ofSeconds(1));
    assertThat(limiter.timeouts).hasSize(called ? 1 : 0);
  }

  @Test
  void withoutTheKeyNoGrantIsTaken() {
    keyRead =
        () -> {
          throw new SecretUnavailableException("unknown", null);
        };

    assertThat(attempt()).isEqualTo(new KeyUnavailable());
    assertThat(limiter.timeouts).isEmpty();
  }

  private SigningResult attempt() {
    return attempt(NOW.plusSeconds(30));
  }

  private SigningResult attempt(Instant deadline) {
    var signer =
        new RateLimitedSigner(
            timeout -> {
              var answer = limiter.acquire(MAX_GRANT_WAIT, timeout);
              time.advance(answerTakes);
              return answer;
            },
            new Upstream(),
            time);
    return signer.attempt(
        "id-1", "hello", new SigningTimeouts(deadline, Duration.ofSeconds(1), MAX_CALL));
  }

  private final class Upstream implements Signer {

    @Override
    public void prepare(Duration limit) {
      keyReads.add(limit);
      keyRead.run();
    }

    @Override
    public Optional<SigningOutcome> sign(String message, Duration timeout, Grant grant) {
      calls.add(new UpstreamCall(message, timeout, grant, time.instant()));
      time.sleepUntil(grant.from());
      time.advance(CALL_DURATION);
      return connectsInTime ? Optional.of(SIGNED) : Optional.empty();
    }
  }
}
