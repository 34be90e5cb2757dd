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
  void atOnceNoMorePassThanTheBurst() {
    assertThat(passing(200)).isEqualTo(100);
  }

  @Test
  void afterThatAsManyPassInASecondAsTheRateSays() {
    passing(100);

    pass(Duration.ofMillis(500));
    assertThat(passing(200)).isEqualTo(25);
    pass(Duration.ofMillis(20));
    assertThat(passing(200)).isEqualTo(1);
  }

  @Test
  void restDoesNotSaveUpMoreThanTheBurst() {
    pass(Duration.ofHours(1));

    assertThat(passing(200)).isEqualTo(100);
  }

  private void pass(Duration time) {
    now.updateAndGet(n -> n.plus(time));
  }

  private long passing(int requests) {
    return IntStream.range(0, requests).filter(_ -> throttle.admit()).count();
  }
}
