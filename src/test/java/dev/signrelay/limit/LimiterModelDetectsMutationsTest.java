package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ModelWorkflow.Result.Called;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Proves that {@link LimiterModelTest} fails if any part of the limiter is missing. The search
 * finds a counter-example of minimum length for each flaw.
 */
final class LimiterModelDetectsMutationsTest {

  /** A flaw, and a text that its counter-example contains. */
  private enum Flaw {
    NO_MARGIN(period(Duration.ofSeconds(60)), "arrive within 60 s"),
    NO_TOLERANCE_OR_NO_SKEW_IN_THE_MARGIN(period(PERIOD.minusMillis(1_000)), "arrive within 60 s"),
    NO_TRAVEL_IN_THE_MARGIN(period(PERIOD.minusMillis(500)), "arrive within 60 s"),
    A_MARGIN_THAT_IS_A_MILLISECOND_SHORT(period(PERIOD.minusMillis(1)), "arrive within 60 s"),
    NO_CONDITION_ON_THE_NUMBER_OF_A_GRANT(
        store(StoreFlaws::incrementsPastTheBounds), "begins after"),
    NO_CONDITION_ON_THE_VERSION(store(StoreFlaws::incrementsForAnyVersion), "arrive within 60 s"),
    NO_CONDITION_ON_THE_REPLACED_SCHEDULE(
        store(StoreFlaws::replacesAnySchedule), "arrive within 60 s"),
    SLOTS_THAT_A_REBUILD_FREES(store(StoreFlaws::freesAllSlotsOnRebuild), "arrive within 60 s"),
    GRANTS_THAT_ARE_CLAIMED_TWICE(store(StoreFlaws::claimsAnyGrant), "is used twice"),
    CLAIMS_FORGOTTEN_BY_THE_CLOCK_OF_THE_STORE(
        store(StoreFlaws::forgetsClaimsASecondEarly), "is used twice"),
    GRANTS_USED_AFTER_THEY_EXPIRE(workflow(Duration.ofMillis(1)), "arrive within 60 s"),
    A_CHANGED_LIMIT_THAT_BEGINS_EARLY(
        store(StoreFlaws::beginsAChangedLimitEarly), "is given after one from");

    private final LimiterModel model;
    private final String broken;

    Flaw(LimiterModel model, String broken) {
      this.model = model;
      this.broken = broken;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NO_MARGIN, 1, 3",
    "NO_TOLERANCE_OR_NO_SKEW_IN_THE_MARGIN, 1, 4",
    "NO_TRAVEL_IN_THE_MARGIN, 1, 4",
    "A_MARGIN_THAT_IS_A_MILLISECOND_SHORT, 1, 4",
    "NO_CONDITION_ON_THE_NUMBER_OF_A_GRANT, 1, 2",
    "NO_CONDITION_ON_THE_VERSION, 1, 4",
    "NO_CONDITION_ON_THE_REPLACED_SCHEDULE, 1, 2",
    "SLOTS_THAT_A_REBUILD_FREES, 2, 3",
    "GRANTS_THAT_ARE_CLAIMED_TWICE, 1, 4",
    "CLAIMS_FORGOTTEN_BY_THE_CLOCK_OF_THE_STORE, 1, 5",
    "GRANTS_USED_AFTER_THEY_EXPIRE, 1, 4",
    "A_CHANGED_LIMIT_THAT_BEGINS_EARLY, 1, 4",
  })
  void everyFlawHasACounterExampleOfMinimumLength(Flaw flaw, int calls, int length) {
    List<Integer> limits = flaw == Flaw.A_CHANGED_LIMIT_THAT_BEGINS_EARLY ? List.of(2) : List.of();
    var search = new ModelSearch(flaw.model, calls, List.of(-500, 500), limits);

    BreadthFirstSearch.Result<ModelAction> found = search.run(6);

    String text = search.counterExample(found).orElse("no counter-example");
    System.out.printf("%s, limit %d, %d states:%n%s%n", flaw, calls, found.states(), text);
    assertThat(text).contains(flaw.broken);
    assertThat(found.path()).hasValueSatisfying(path -> assertThat(path).hasSize(length));
  }

  /**
   * Each action gives at most one grant, and the same grant must be given and used twice. Therefore
   * grant number k is used twice after k + 2 actions at the earliest.
   */
  @ParameterizedTest
  @CsvSource({"0, 2", "1, 3", "2, 4"})
  void aCounterExampleIsNotLongerThanTheKnownMinimum(long number, int length) {
    var search =
        ModelSearch.of(
            new LimiterModel(
                PERIOD,
                store -> StoreFlaws.losesTheUpdateOf(number, store),
                ModelWorkflow::asInTheFunctions),
            4);

    assertThat(search.run(length - 1).path()).isEmpty();
    assertThat(search.run(6).path()).hasValueSatisfying(path -> assertThat(path).hasSize(length));
  }

  @Test
  void aCounterExampleIsPrintedAsANumberedListOfActions() {
    var search = ModelSearch.of(Flaw.NO_MARGIN.model, 1);

    assertThat(search.counterExample(search.run(6)))
        .hasValueSatisfying(
            text ->
                assertThat(text.lines())
                    .hasSize(4)
                    .satisfies(lines -> assertThat(lines.getFirst()).startsWith("  1. process 0"))
                    .satisfies(
                        lines ->
                            assertThat(lines.getLast())
                                .contains("Broken: 2 calls arrive within 60 s, where 1 are")));
  }

  private static LimiterModel period(Duration period) {
    return new LimiterModel(period, store -> store, ModelWorkflow::asInTheFunctions);
  }

  private static LimiterModel store(UnaryOperator<ScheduleStore> flaw) {
    return new LimiterModel(PERIOD, flaw, ModelWorkflow::asInTheFunctions);
  }

  /** Calls begin up to this long after their grants have expired. */
  private static LimiterModel workflow(Duration late) {
    return new LimiterModel(
        PERIOD,
        store -> store,
        (task, limiter, time) ->
            switch (ModelWorkflow.asInTheFunctions(task, limiter, time)) {
              case Called(var earliest, var before) -> new Called(earliest, before.plus(late));
              case ModelWorkflow.Result other -> other;
            });
  }
}
