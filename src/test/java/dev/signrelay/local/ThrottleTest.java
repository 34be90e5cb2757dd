package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ThrottleTest {

  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final Throttle throttle = new Throttle(50, 100, now::get);

  @Test
  void theBurstIsLimited() {
    assertThat(admitted(200)).isEqualTo(100);
  }

  @Test
  void afterABurstTheRateIsLimited() {
    admitted(100);

    advance(Duration.ofMillis(500));
    assertThat(admitted(200)).isEqualTo(25);
    advance(Duration.ofMillis(20));
    assertThat(admitted(200)).isEqualTo(1);
  }

  @Test
  void tokensDoNotAccumulateBeyondTheBurst() {
    advance(Duration.ofHours(1));

    assertThat(admitted(200)).isEqualTo(100);
  }

  private void advance(Duration time) {
    now.updateAndGet(n -> n.plus(time));
  }

  private long admitted(int requests) {
    return IntStream.range(0, requests).filter(_ -> throttle.admit()).count();
  }
}
