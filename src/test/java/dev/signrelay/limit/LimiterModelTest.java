package dev.signrelay.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Fuzz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Model-checks the limiter: all short sequences of actions and random long ones, including failures
 * of the store, delayed and repeated requests, clocks that are set, a lost table and two limits.
 * {@code -Dmodel.depth=5} searches for longer counter-examples.
 */
final class LimiterModelTest {

  private static final int RUNS = 300;
  private static final LimiterModel MODEL = LimiterModel.production();

  @ParameterizedTest
  @EnumSource
  void noShortSequenceOfActionsBreaksAnInvariant(ModelScenario scenario) {
    ModelSearch search = scenario.search(MODEL);

    BreadthFirstSearch.Result<ModelAction> result = search.run(scenario.depth());

    assertThat(search.counterExample(result)).isEmpty();
    assertThat(result.actions()).isGreaterThan(100);
  }

  @Test
  void noRandomRunBreaksAnInvariant() {
    Fuzz.check(RUNS, ModelRuns::any, run -> run.check(MODEL));
  }

  @Test
  void noRandomRunWithTwoLimitsBreaksAnInvariant() {
    Fuzz.check(RUNS, ModelRuns::withTwoLimits, run -> run.check(MODEL));
  }

  @Test
  void noRandomRunWithALostTableBreaksAnInvariant() {
    Fuzz.check(RUNS, ModelRuns::withWipes, run -> run.check(MODEL));
  }
}
