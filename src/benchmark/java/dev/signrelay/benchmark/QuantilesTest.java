package dev.signrelay.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class QuantilesTest {

  @Test
  void theMedianIsTheOneInTheMiddleWhateverTheOrder() {
    assertThat(Quantiles.median(List.of(9.0, 1.0, 4.0))).isEqualTo(4);
  }

  @Test
  void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
    assertThat(Quantiles.median(List.of(9.0, 1.0, 4.0, 5.0))).isEqualTo(4.5);
  }

  @Test
  void theMedianOfWhatIsMeasuredOfThings() {
    assertThat(Quantiles.median(List.of("a", "ccc", "bb"), String::length)).isEqualTo(2);
  }

  @Test
  void aQuantileIsNotExceededByItsShareOfAll() {
    List<Double> hundred = IntStream.rangeClosed(1, 100).mapToObj(i -> 101.0 - i).toList();

    assertThat(Quantiles.quantile(hundred, 0.99)).isEqualTo(99);
    assertThat(Quantiles.quantile(hundred, 0.5)).isEqualTo(50);
    assertThat(Quantiles.quantile(hundred, 1)).isEqualTo(100);
    assertThat(Quantiles.quantile(List.of(7.0), 0.01)).isEqualTo(7);
  }
}
