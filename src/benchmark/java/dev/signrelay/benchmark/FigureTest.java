package dev.signrelay.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FigureTest {

  private static final Figure COLD = Figure.of("cold", 840, "ms");

  @Test
  void aTargetAppliesToTheRatioIfThereIsOne() {
    Figure figure = COLD.ratioTo("floor", 100).atMost(8.0);

    assertThat(figure.cells()).containsExactly("cold", "840 ms", "8.40x floor", "≤ 8x, missed");
    assertThat(figure.atMost(8.4).isMet()).isTrue();
  }

  @Test
  void aDifferenceHasASignAndAUnit() {
    assertThat(COLD.differenceFrom("bare call", 839.25).atMost(1.0).cells())
        .containsExactly("cold", "840 ms", "+0.75 ms bare call", "≤ +1 ms");
    assertThat(COLD.differenceFrom("slower", 850).cells()).contains("-10 ms slower");
  }

  @Test
  void withoutABaselineTheTargetAppliesToTheValue() {
    assertThat(COLD.atMost(840.0).isMet()).isTrue();
    assertThat(COLD.atMost(839.0).isMet()).isFalse();
    assertThat(Figure.of("share", 0.5, "").atMost(0.75).cells())
        .containsExactly("share", "0.50", "", "≤ 0.75");
  }

  @Test
  void withoutATargetNothingIsMet() {
    assertThat(COLD.cells()).containsExactly("cold", "840 ms", "", "");
    assertThat(COLD.isMet()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0.347, 0.35", "9.996, 10.00", "12.34, 12.3", "6000, '6,000'", "1234.5, '1,235'"})
  void numbersAreRoundedByTheirSize(double number, String text) {
    assertThat(Figure.number(number)).isEqualTo(text);
  }
}
