package dev.signrelay.limit;

import static dev.signrelay.limit.GrantWindow.AHEAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.Answer.Granted;
import dev.signrelay.limit.RateLimiter.LineStatus;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class NoLimitTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final FakeTime time = new FakeTime();
  private final RateLimiter limiter = new NoLimit(time);

  @Test
  void everyCallMayBeginAtOnceAndAtAnyTimeLater() {
    assertThat(limiter.acquire(AHEAD, TIMEOUT))
        .isInstanceOfSatisfying(
            Granted.class,
            granted -> {
              assertThat(granted.grant().from()).isEqualTo(FakeTime.START);
              assertThat(granted.grant().isExpired(FakeTime.START.plusSeconds(86_400))).isFalse();
              assertThat(limiter.claim(granted.grant(), TIMEOUT)).isTrue();
              assertThat(limiter.claim(granted.grant(), TIMEOUT)).isTrue();
            });
  }

  @Test
  void jobsLeaveTheLineAtOnce() {
    assertThat(limiter.noteLine(7, AHEAD, TIMEOUT))
        .isEqualTo(new LineStatus(Integer.MAX_VALUE, Duration.ZERO));
    assertThat(limiter.acquireForLine(3, AHEAD, TIMEOUT)).hasSize(3).allMatch(Grant::isUnlimited);
  }
}
