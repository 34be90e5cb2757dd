package dev.signrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessorTest {

  /** The default, calls at once up to the most that run at once, the rate, the maximum. */
  @ParameterizedTest
  @CsvSource({
    "0, 1024",
    "100, 1024",
    "101, 1100",
    "300, 3000",
    "18750, 3000",
    "19000, 3100",
    "100000, 10240"
  })
  void aLimitNeedsTheProcessorOfThisMemory(int calls, int megabytes) {
    assertThat(Processor.forLimit(calls)).isEqualTo(new Processor(megabytes));
  }

  @Test
  void halfAProcessorTakesTwiceTheTime() {
    assertThat(new Processor(1_769).callTime()).isEqualTo(Processor.CALL);
    assertThat(new Processor(512).callTime())
        .isBetween(Duration.ofMillis(19), Duration.ofMillis(20));
  }
}
