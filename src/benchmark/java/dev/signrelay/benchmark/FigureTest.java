package dev.signrelay.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.benchmark.Figure.Beside;
import dev.signrelay.benchmark.Target.AtLeast;
import dev.signrelay.benchmark.Target.AtMost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FigureTest {

  private static final Figure COLD = Figure.of("cold", 840, "ms");

  @Test
  void aRatioIsJudgedAndNotTheFigure() {
    Figure figure = COLD.beside(Beside.ratio("floor", 100)).promised(new AtMost(8));

    assertThat(figure.valueText()).isEqualTo("840 ms");
    assertThat(figure.besideText()).isEqualTo("100 ms, floor");
    assertThat(figure.comparisonText()).isEqualTo("8.40x");
    assertThat(figure.targetText()).isEqualTo("≤ 8x");
    assertThat(figure.metText()).isEqualTo("no");
    assertThat(figure.promised(new AtMost(8.4)).metText()).isEqualTo("yes");
  }

  @Test
  void aDifferenceHasItsSignAndItsUnit() {
    Figure figure = COLD.beside(Beside.difference("bare call", 839.25)).promised(new AtMost(1));

    assertThat(figure.comparisonText()).isEqualTo("+0.75 ms");
    assertThat(figure.targetText()).isEqualTo("≤ +1 ms");
    assertThat(figure.metText()).isEqualTo("yes");
    assertThat(COLD.beside(Beside.difference("slower", 850)).comparisonText()).isEqualTo("-10 ms");
  }

  @Test
  void aFigureThatStandsAloneIsJudgedItself() {
    assertThat(COLD.promised(new AtLeast(840)).metText()).isEqualTo("yes");
    assertThat(COLD.promised(new AtLeast(841)).metText()).isEqualTo("no");
    assertThat(COLD.promised(new AtLeast(841)).targetText()).isEqualTo("≥ 841 ms");
  }

  @Test
  void aBareNumberHasNoSpaceForAUnitBehindIt() {
    Figure share = Figure.of("share", 0.5, "").promised(new AtLeast(0.25));

    assertThat(share.valueText() + share.targetText()).isEqualTo("0.50≥ 0.25");
  }

  @Test
  void whatWasNotPromisedIsNeitherMetNorMissed() {
    assertThat(COLD.targetText() + COLD.metText() + COLD.besideText() + COLD.comparisonText())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.347, 0.35", "9.996, 10.00", "12.34, 12.3", "6000, '6,000'", "1234.5, '1,235'"})
  void numbersHaveThreeFiguresOrAllOfAWholeNumber(double number, String text) {
    assertThat(Figure.number(number)).isEqualTo(text);
  }
}
