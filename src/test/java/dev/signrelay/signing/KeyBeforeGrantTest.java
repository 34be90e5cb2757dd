package dev.signrelay.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.job.SigningOutcome.Signed;
import dev.signrelay.job.SigningResult;
import dev.signrelay.job.SigningResult.Called;
import dev.signrelay.job.SigningResult.KeyUnavailable;
import dev.signrelay.job.SigningResult.OutOfTime;
import dev.signrelay.secret.SecretUnavailableException;
import dev.signrelay.testing.FakeRateLimiter;
import dev.signrelay.testing.FakeTime;
import dev.signrelay.upstream.Signer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The upstream's key is read before a grant is taken, which would be lost without the key. */
final class KeyBeforeGrantTest {

  private final FakeTime time = new FakeTime();
  private final FakeRateLimiter limiter = new FakeRateLimiter(time);
  private final List<Duration> limits = new ArrayList<>();
  private Runnable read = () -> {};

  private final Signer upstream =
      new Signer() {
        @Override
        public void prepare(Duration limit) {
          assertThat(limiter.timeouts).isEmpty();
          limits.add(limit);
          read.run();
        }

        @Override
        public Optional<SigningOutcome> sign(String message, Duration timeout, Grant grant) {
          return Optional.of(new Signed("signature"));
        }
      };

  @Test
  void theReadHasTheTimeOfTheLimiterWhoseTimeBeginsAfterIt() {
    read = () -> time.advance(Duration.ofMillis(600));

    assertThat(attempt()).isInstanceOf(Called.class);
    assertThat(limits).containsExactly(Duration.ofMillis(700));
    assertThat(limiter.timeouts).containsExactly(Duration.ofMillis(700));
  }

  @Test
  void withoutTheKeyNoGrantIsTaken() {
    read =
        () -> {
          throw new SecretUnavailableException("unknown", null);
        };

    assertThat(attempt()).isEqualTo(new KeyUnavailable());
    assertThat(limiter.timeouts).isEmpty();
  }

  @Test
  void aReadThatLeavesTooLittleTimeForACallIsNotFollowedByAGrant() {
    read = () -> time.advance(Duration.ofMillis(1_201));

    assertThat(attempt()).isEqualTo(new OutOfTime());
    assertThat(limiter.timeouts).isEmpty();
  }

  private SigningResult attempt() {
    var signer =
        new RateLimitedSigner(
            timeout -> limiter.acquire(Duration.ofMillis(250), timeout), upstream, time);
    var timeouts =
        new SigningTimeouts(
            FakeTime.START.plusMillis(1_450), Duration.ofMillis(700), Duration.ofMillis(1_500));
    return signer.attempt("id-1", "hello", timeouts);
  }
}
