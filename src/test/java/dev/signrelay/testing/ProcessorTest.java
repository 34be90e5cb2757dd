package dev.signrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessorTest {

  /** The least memory of a function, the rate, the most memory. */
  @ParameterizedTest
  @CsvSource({
    "1, 256",
    "706, 256",
    "707, 300",
    "1059, 300",
    "1060, 400",
    "10000, 2900",
    "100000, 10240"
  })
  void oneRunNeedsThisMemoryForALimit(int calls, int megabytes) {
    assertThat(Processor.forLimit(calls)).isEqualTo(new Processor(megabytes));
  }

  /** 57 calls a second, or 300 at once. */
  @ParameterizedTest
  @CsvSource({"3617, 0, 1", "3618, 0, 2", "1875, 9, 1", "1876, 9, 2", "10000, 9, 6"})
  void aLimitNeedsThisManyRuns(int calls, int seconds, int runs) {
    assertThat(new Processor(1_024).runs(calls, Duration.ofSeconds(seconds))).isEqualTo(runs);
  }

  @Test
  void halfAProcessorTakesTwiceTheTime() {
    assertThat(new Processor(1_769).callTime()).isEqualTo(Processor.CALL);
    assertThat(new Processor(512).callTime())
        .isBetween(Duration.ofMillis(19), Duration.ofMillis(20));
  }
}
