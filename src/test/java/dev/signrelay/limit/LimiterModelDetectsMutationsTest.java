package dev.signrelay.limit;

import static dev.signrelay.limit.ModelAction.Call.EARLY;
import static dev.signrelay.limit.ModelAction.Requests.ALL_ANSWERED;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ModelAction.SignNow;
import dev.signrelay.limit.ModelAction.TimePasses;
import dev.signrelay.limit.ModelSearch.Event;
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

  private static final Duration LOST = Duration.ofSeconds(112).plus(PERIOD);

  /** A flaw, the search that finds it, and a text that its counter-example contains. */
  private enum Flaw {
    NO_MARGIN(period(Duration.ofSeconds(60)), "arrive within 60 s"),
    NO_TOLERANCE_OR_NO_SKEW_IN_THE_MARGIN(period(PERIOD.minusMillis(1_000)), "arrive within 60 s"),
    NO_TRAVEL_IN_THE_MARGIN(period(PERIOD.minusMillis(500)), "arrive within 60 s"),
    A_MARGIN_THAT_IS_A_MILLISECOND_SHORT(period(PERIOD.minusMillis(1)), "arrive within 60 s"),
    NO_BOUNDS_ON_THE_NUMBER_OF_A_GRANT(store(1, StoreFlaws::takesPastTheBounds), "begins after"),
    NO_CONDITION_ON_THE_VERSION(
        store(1, StoreFlaws::takesFromAnyVersion).after(new SignNow(0, ALL_ANSWERED, EARLY)),
        "is given after one from"),
    NO_CONDITION_ON_THE_REPLACED_SCHEDULE(
        store(1, StoreFlaws::replacesAnyState), "is given after one from"),
    CALLS_THAT_A_REBUILD_FREES(store(2, StoreFlaws::freesAllCallsOnRebuild), "arrive within 60 s"),
    A_TOKEN_THAT_OUTLIVES_ITS_SCHEDULE(
        store(1, StoreFlaws::keepsTheTokenOfAReplacedSchedule)
            .after(new SignNow(0, ALL_ANSWERED, EARLY), new TimePasses(PERIOD)),
        "is given twice"),
    GRANTS_THAT_ARE_CLAIMED_BY_TWO_OWNERS(store(1, StoreFlaws::claimsForAnyOwner), "is used twice"),
    CLAIMS_FORGOTTEN_BY_THE_CLOCK_OF_THE_STORE(
        store(1, StoreFlaws::forgetsClaimsASecondEarly), "is used twice"),
    GRANTS_USED_AFTER_THEY_EXPIRE(workflow(Duration.ofMillis(1)), "arrive within 60 s"),
    A_LOWER_LIMIT_THAT_BEGINS_EARLY(
        twoLimits(StoreFlaws::beginsAChangedLimitEarly)
            .after(new SignNow(1, ALL_ANSWERED, EARLY), new SignNow(1, ALL_ANSWERED, EARLY)),
        "arrive within 60 s"),
    A_HIGHER_LIMIT_THAT_BEGINS_EARLY(
        ModelSearch.of(
                model(StoreFlaws::beginsAChangedLimitEarly), List.of(2, 1), List.of(-500, 500))
            .after(
                new SignNow(1, ALL_ANSWERED, EARLY),
                new TimePasses(SharedSchedule.LOWER_LIMIT_HOLDS),
                new SignNow(0, ALL_ANSWERED, EARLY),
                new TimePasses(Duration.ofMillis(1_001))),
        "arrive within 60 s"),
    A_LOWER_LIMIT_THAT_IS_IGNORED(
        twoLimits(StoreFlaws::forgetsWhoAsked), "with a limit of 1 asked"),
    A_LOWER_LIMIT_THAT_IS_IGNORED_AFTER_A_REBUILD(
        twoLimits(StoreFlaws::forgetsWhoRebuilt), "with a limit of 1 asked"),
    A_LOST_SCHEDULE_THAT_BEGINS_AT_ONCE(
        ModelSearch.of(
            model(store -> StoreFlaws.beginsALostScheduleEarly(LOST, store)), 1, Event.WIPES),
        "arrive within 60 s"),
    NO_CHECK_OF_THE_CLOCK(
        ModelSearch.of(
            new LimiterModel(PERIOD, store -> store, false, ModelWorkflow::asInTheFunctions),
            List.of(1, 1),
            List.of(0, 4_000)),
        "arrive within 60 s");

    private final ModelSearch search;
    private final String broken;

    Flaw(ModelSearch search, String broken) {
      this.search = search;
      this.broken = broken;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "NO_MARGIN, 3",
    "NO_TOLERANCE_OR_NO_SKEW_IN_THE_MARGIN, 4",
    "NO_TRAVEL_IN_THE_MARGIN, 4",
    "A_MARGIN_THAT_IS_A_MILLISECOND_SHORT, 4",
    "NO_BOUNDS_ON_THE_NUMBER_OF_A_GRANT, 3",
    "NO_CONDITION_ON_THE_VERSION, 4",
    "NO_CONDITION_ON_THE_REPLACED_SCHEDULE, 3",
    "CALLS_THAT_A_REBUILD_FREES, 3",
    "A_TOKEN_THAT_OUTLIVES_ITS_SCHEDULE, 4",
    "GRANTS_THAT_ARE_CLAIMED_BY_TWO_OWNERS, 4",
    "CLAIMS_FORGOTTEN_BY_THE_CLOCK_OF_THE_STORE, 5",
    "GRANTS_USED_AFTER_THEY_EXPIRE, 4",
    "A_LOWER_LIMIT_THAT_BEGINS_EARLY, 2",
    "A_HIGHER_LIMIT_THAT_BEGINS_EARLY, 2",
    "A_LOWER_LIMIT_THAT_IS_IGNORED, 2",
    "A_LOWER_LIMIT_THAT_IS_IGNORED_AFTER_A_REBUILD, 4",
    "A_LOST_SCHEDULE_THAT_BEGINS_AT_ONCE, 4",
    "NO_CHECK_OF_THE_CLOCK, 3",
  })
  void everyFlawHasACounterExampleOfMinimumLength(Flaw flaw, int length) {
    BreadthFirstSearch.Result<ModelAction> found = flaw.search.run(6);

    String text = flaw.search.counterExample(found).orElse("no counter-example");
    System.out.printf("%s, %d states:%n%s%n", flaw, found.states(), text);
    assertThat(text).contains(flaw.broken);
    assertThat(found.path()).hasValueSatisfying(path -> assertThat(path).hasSize(length));
  }

  /**
   * The same grant must be given twice. Each action gives at most one grant that begins at once.
   * Therefore grant number k, from 0, is given twice after k + 2 actions.
   */
  @ParameterizedTest
  @CsvSource({"0, 2", "1, 3", "2, 4"})
  void aCounterExampleIsNotLongerThanTheKnownMinimum(long number, int length) {
    var search = ModelSearch.of(model(store -> StoreFlaws.losesTheUpdateOf(number, store)), 4);

    assertThat(search.run(length - 1).path()).isEmpty();
    assertThat(search.run(6).path()).hasValueSatisfying(path -> assertThat(path).hasSize(length));
  }

  @Test
  void aCounterExampleIsPrintedAsANumberedListOfActions() {
    ModelSearch search = Flaw.NO_MARGIN.search;

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

  private static LimiterModel model(UnaryOperator<ScheduleStore> flaw) {
    return new LimiterModel(PERIOD, flaw, true, ModelWorkflow::asInTheFunctions);
  }

  private static ModelSearch period(Duration period) {
    return ModelSearch.of(
        new LimiterModel(period, store -> store, true, ModelWorkflow::asInTheFunctions), 1);
  }

  private static ModelSearch store(int calls, UnaryOperator<ScheduleStore> flaw) {
    return ModelSearch.of(model(flaw), calls);
  }

  private static ModelSearch twoLimits(UnaryOperator<ScheduleStore> flaw) {
    return ModelSearch.of(model(flaw), List.of(1, 2), List.of(-500, 500));
  }

  /** Calls begin up to this long after their grants have expired. */
  private static ModelSearch workflow(Duration late) {
    return ModelSearch.of(
        new LimiterModel(
            PERIOD,
            store -> store,
            true,
            (task, limiter, time) ->
                switch (ModelWorkflow.asInTheFunctions(task, limiter, time)) {
                  case Called(var grant, var earliest, var before) ->
                      new Called(grant, earliest, before.plus(late));
                  case ModelWorkflow.Result other -> other;
                }),
        1);
  }
}
