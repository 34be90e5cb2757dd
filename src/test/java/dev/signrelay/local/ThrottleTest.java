package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ThrottleTest {

  private Instant now = Instant.EPOCH;
  private final Throttle throttle = new Throttle(50, 100, () -> now);

  @Test
  void aBurstIsLimitedAndAfterItTheRate() {
    assertThat(admitted(200)).isEqualTo(100);

    now = now.plusMillis(500);
    assertThat(admitted(200)).isEqualTo(25);
    now = now.plusMillis(20);
    assertThat(admitted(200)).isEqualTo(1);
    now = now.plus(Duration.ofHours(1));
    assertThat(admitted(200)).as("no more tokens than a burst").isEqualTo(100);
  }

  private long admitted(int requests) {
    return IntStream.range(0, requests).filter(_ -> throttle.admit()).count();
  }
}
