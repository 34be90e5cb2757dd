package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.FreeCalls;
import dev.signrelay.limit.RateLimiter.GrantAnswer.Granted;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NoLimitTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  @Test
  void everyCallMayBeginAtOnceAndAtAnyTimeLater() {
    RateLimiter limiter = new NoLimit(new FakeTime());
    Grant grant = Grant.unlimited(FakeTime.START);

    assertThat(grant.isExpired(FakeTime.START.plusSeconds(86_400))).isFalse();
    assertThat(limiter.acquire(Duration.ZERO, TIMEOUT)).isEqualTo(new Granted(grant));
    assertThat(limiter.noteLine(7, TIMEOUT)).isZero();
    assertThat(limiter.freeCalls(Duration.ZERO, TIMEOUT))
        .isEqualTo(new FreeCalls(Integer.MAX_VALUE, Duration.ZERO));
    assertThat(limiter.acquireForLine(3, Duration.ZERO, TIMEOUT)).hasSize(3).containsOnly(grant);
    assertThat(limiter.refusesClock()).isFalse();
  }
}
