package dev.signrelay.limit;

import static dev.signrelay.limit.ModelAction.Requests.ALL_ANSWERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ModelAction.Call;
import dev.signrelay.limit.ModelAction.Dispatch;
import dev.signrelay.limit.ModelAction.SignNow;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelSearch.Event;
import dev.signrelay.testing.Fuzz;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Model-checks the limiter: all short sequences of actions and random long ones, including failures
 * of the store, delayed and repeated requests, duplicate messages, clocks that are set, a lost
 * table and two limits. {@code -Dmodel.depth=6} searches for longer counter-examples.
 */
final class LimiterModelTest {

  private static final int DEPTH = Integer.getInteger("model.depth", 5);
  private static final int RUNS = 3_000;
  private static final LimiterModel MODEL = LimiterModel.production();

  @Test
  void noShortSequenceOfActionsBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, 1), DEPTH);
  }

  /** The search begins when all calls are taken and a message waits for its grant. */
  @Test
  void noShortSequenceAfterABurstBreaksAnInvariant() {
    ModelSearch search =
        ModelSearch.of(MODEL, 2)
            .after(
                new SignNow(0, ALL_ANSWERED, Call.LATE),
                new SignNow(1, ALL_ANSWERED, Call.EARLY),
                new Dispatch(1, 1, ALL_ANSWERED));

    findsNothing(search, DEPTH - 1);
  }

  @Test
  void noShortSequenceWithALimitOfTwoBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, 2), DEPTH - 1);
  }

  @Test
  void noShortSequenceOfThreeProcessesBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, List.of(1, 1, 1), List.of(-500, 500, 0)), DEPTH - 2);
  }

  @Test
  void noShortSequenceWithClockStepsBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, 1, Event.CLOCK_STEPS), DEPTH - 1);
  }

  @Test
  void noShortSequenceWithAWrongClockBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, List.of(1, 1), List.of(0, 4_000)), DEPTH - 1);
  }

  @Test
  void noShortSequenceWithALostTableBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, 1, Event.WIPES), DEPTH - 1);
  }

  @Test
  void noShortSequenceOfTwoLimitsBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, List.of(1, 2), List.of(-500, 500)), DEPTH - 1);
  }

  /** The search begins when the higher limit can follow soon. */
  @Test
  void noShortSequenceAroundARaisedLimitBreaksAnInvariant() {
    ModelSearch search =
        ModelSearch.of(MODEL, List.of(2, 1), List.of(-500, 500))
            .after(
                new SignNow(1, ALL_ANSWERED, Call.LATE),
                new TimePasses(SharedSchedule.LOWER_LIMIT_HOLDS));

    findsNothing(search, DEPTH - 1);
  }

  @Test
  void noShortSequenceWithAChangeOfTheLimitBreaksAnInvariant() {
    findsNothing(ModelSearch.of(MODEL, 1, Event.LIMITS_CHANGE), DEPTH - 1);
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

  private static void findsNothing(ModelSearch search, int depth) {
    BreadthFirstSearch.Result<ModelAction> result = search.run(depth);
    assertThat(search.counterExample(result)).isEmpty();
    assertThat(result.states()).isGreaterThan(1_000);
  }
}
