package dev.signrelay.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.UnreliableSigner.Answer.Fail;
import dev.signrelay.local.UnreliableSigner.Answer.SignAfter;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo upstream fails often enough to be seen, and not for long. */
final class FlakyBehaviourTest {

  private Instant now = Instant.EPOCH;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void theFirstMessageFailsAndIsSignedTwoSecondsLater(long seed) {
    FlakyBehaviour upstream = behaviour(seed);

    assertThat(upstream.answer("hello", 1)).isInstanceOf(Fail.class);
    now = now.plusSeconds(2);
    assertThat(upstream.answer("hello", 2)).isInstanceOf(SignAfter.class);
  }

  private FlakyBehaviour behaviour(long seed) {
    return new FlakyBehaviour(Duration.ofSeconds(20), new Random(seed), () -> now);
  }
}
