package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LimiterModelTest {
  @Test
  void probe() {
    for (int calls = 1; calls <= 2; calls++) {
      for (int depth = 1; depth <= Integer.getInteger("probe", 4); depth++) {
        long t = System.nanoTime();
        var r = ModelSearch.of(LimiterModel.asItIs(), calls).run(depth);
        System.out.println("N=" + calls + " depth " + depth + " states " + r.states() + " actions " + r.actions()
            + " " + (System.nanoTime() - t) / 1000000 + " ms " + r.counterExample().orElse("-"));
      }
    }
    assertThat(1).isEqualTo(1);
  }
}
