package dev.signrelay.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests the fuzzing fixtures. */
final class FuzzTest {

  @Test
  void theLowestFailingSeedIsReportedWithItsInputAndItsCommand() {
    assertThatThrownBy(() -> check(seed -> failFrom(300, seed)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContainingAll(
            "Seed 300: 300", "-Dtest=ATest#aMethod", "-Dfuzz.seed=300", "300 fails");
  }

  @Test
  void aPropertyThatHoldsPasses() {
    check(seed -> failFrom(1_001, seed));
  }

  private static void check(Consumer<Long> property) {
    Fuzz.check(LongStream.rangeClosed(1, 1_000), SeededInput::seed, property, "ATest#aMethod");
  }

  @Test
  void theCommandReplaysTheTestThatFailed() {
    assertThatThrownBy(() -> Fuzz.check(10, SeededInput::seed, seed -> failFrom(0, seed)))
        .hasMessageContaining("-Dtest=FuzzTest#");
  }

  @Test
  void everyRunDrawsOtherSeeds() {
    assertThat(Stream.generate(SeededInput::freshSeed).limit(10).distinct()).hasSize(10);
  }

  @Test
  void aSeedAlwaysGeneratesTheSameInput() {
    for (long seed = 1; seed <= 1_000; seed++) {
      assertThat(HostileMessages.message(new SeededInput(seed)))
          .isEqualTo(HostileMessages.message(new SeededInput(seed)));
    }
  }

  @Test
  void theInputsContainAllKindsOfHostileText() {
    List<String> texts =
        LongStream.rangeClosed(1, 1_000)
            .mapToObj(seed -> HostileText.any(new SeededInput(seed)))
            .toList();
    assertThat(texts).anyMatch(String::isEmpty);
    String all = String.join("", texts);
    assertThat(all).contains("\0", "\r", "\n", "\"", "\\", "\u007f", "\u2028", "\ufffe");
    assertThat(all.chars().filter(c -> Character.isSurrogate((char) c)).count()).isPositive();
    assertThat(texts.stream().distinct()).hasSizeGreaterThan(700);
  }

  private static void failFrom(long bound, long seed) {
    if (seed >= bound) {
      throw new IllegalStateException(seed + " fails");
    }
  }
}
