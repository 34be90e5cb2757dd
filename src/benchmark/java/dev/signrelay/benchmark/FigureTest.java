package dev.signrelay.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FigureTest {

  private static final Figure COLD = Figure.of("cold", 840, "ms");

  @Test
  void aTargetAppliesToTheRatioIfThereIsOne() {
    Figure figure = COLD.ratioTo("floor", 100).atMost(8);

    assertThat(figure.valueText()).isEqualTo("840 ms");
    assertThat(figure.baselineText()).isEqualTo("100 ms, floor");
    assertThat(figure.comparisonText()).isEqualTo("8.40x");
    assertThat(figure.targetText()).isEqualTo("≤ 8x");
    assertThat(figure.metText()).isEqualTo("no");
    assertThat(figure.targetUsed()).isEqualTo(1.05);
    assertThat(figure.atMost(8.4).metText()).isEqualTo("yes");
  }

  @Test
  void aDifferenceHasASignAndAUnit() {
    Figure figure = COLD.differenceFrom("bare call", 839.25).atMost(1);

    assertThat(figure.comparisonText()).isEqualTo("+0.75 ms");
    assertThat(figure.targetText()).isEqualTo("≤ +1 ms");
    assertThat(figure.metText()).isEqualTo("yes");
    assertThat(COLD.differenceFrom("slower", 850).comparisonText()).isEqualTo("-10 ms");
  }

  @Test
  void withoutABaselineTheTargetAppliesToTheValue() {
    assertThat(COLD.atLeast(840).metText()).isEqualTo("yes");
    assertThat(COLD.atLeast(841).metText()).isEqualTo("no");
    assertThat(COLD.atLeast(1_680).targetUsed()).isEqualTo(2);
    assertThat(Figure.of("share", 0.5, "").atLeast(0.25).targetText()).isEqualTo("≥ 0.25");
  }

  @Test
  void withoutATargetAFigureIsNeitherMetNorMissed() {
    assertThat(COLD.met()).isNull();
    assertThat(COLD.targetText() + COLD.metText() + COLD.baselineText() + COLD.comparisonText())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.347, 0.35", "9.996, 10.00", "12.34, 12.3", "6000, '6,000'", "1234.5, '1,235'"})
  void numbersAreRoundedByTheirSize(double number, String text) {
    assertThat(Figure.number(number)).isEqualTo(text);
  }
}
