package dev.signrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProcessorTest {

  /** Up to the most calls that begin in a second, more calls need more. */
  @ParameterizedTest
  @CsvSource({"10, 100", "59, 600", "60, 600", "100000, 600"})
  void aLimitNeedsTheProcessorOfThisMemory(int calls, int megabytes) {
    assertThat(Processor.forLimit(calls)).isEqualTo(new Processor(megabytes));
  }

  /** 60 calls a second, or 300 at once. */
  @ParameterizedTest
  @CsvSource({"3750, 0, 1", "3751, 0, 2", "1875, 9, 1", "1876, 9, 2", "10000, 9, 6"})
  void aLimitNeedsThisManyRuns(int calls, int seconds, int runs) {
    assertThat(Processor.runs(calls, Duration.ofSeconds(seconds))).isEqualTo(runs);
  }

  @Test
  void halfAProcessorTakesTwiceTheTime() {
    assertThat(new Processor(1_769).callTime()).isEqualTo(Processor.CALL);
    assertThat(new Processor(512).callTime())
        .isBetween(Duration.ofMillis(19), Duration.ofMillis(20));
  }
}
