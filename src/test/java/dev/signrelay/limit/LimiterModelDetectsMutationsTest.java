package dev.signrelay.limit;

import static dev.signrelay.limit.SharedSchedule.MAX_WAIT;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Night;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Proves that {@link LimiterModelTest} fails if any part of the limiter is missing. The search
 * finds a counter-example of minimum length for each flaw.
 */
final class LimiterModelDetectsMutationsTest {

  /** The flaws, each with a text that its counter-example contains. */
  private enum Flaw {
    NO_MARGIN(period(Duration.ofSeconds(60)), "arrive within 60 s"),
    NO_TOLERANCE_OR_NO_SKEW_IN_THE_MARGIN(period(PERIOD.minusMillis(1_000)), "arrive within 60 s"),
    NO_TRAVEL_IN_THE_MARGIN(period(PERIOD.minusMillis(500)), "arrive within 60 s"),
    A_MARGIN_THAT_IS_A_MILLISECOND_SHORT(period(PERIOD.minusMillis(1)), "arrive within 60 s"),
    NO_BOUNDS_ON_THE_NUMBER_OF_A_GRANT(store(StoreFlaws::takesPastTheBounds), "begins after"),
    NO_CONDITION_ON_THE_VERSION(store(StoreFlaws::takesFromAnyVersion), "is given after one from"),
    NO_CONDITION_ON_THE_REPLACED_SCHEDULE(
        store(StoreFlaws::replacesAnyState), "is given after one from"),
    CALLS_THAT_A_REBUILD_FREES(store(StoreFlaws::freesAllCallsOnRebuild), "arrive within 60 s"),
    A_TOKEN_THAT_OUTLIVES_ITS_SCHEDULE(
        store(StoreFlaws::keepsTheTokenOfAReplacedSchedule), "is given twice"),
    NEWCOMERS_THAT_PASS_THE_LINE(
        store(StoreFlaws::takesPastTheLine), "a newcomer is granted a call while jobs wait"),
    NEWCOMERS_THAT_PASS_THE_LINE_BY_A_REBUILD(
        store(StoreFlaws::replacesALongerLine), "a newcomer is granted a call while jobs wait"),
    GRANTS_USED_AFTER_THEY_EXPIRE(
        new LimiterModel(PERIOD, store -> store, true, MAX_WAIT, Duration.ofMillis(1)),
        "arrive within 60 s"),
    A_CHANGED_LIMIT_THAT_BEGINS_EARLY(
        store(StoreFlaws::beginsAChangedLimitEarly), "arrive within 60 s"),
    A_LOWER_LIMIT_THAT_IS_IGNORED(store(StoreFlaws::forgetsWhoAsked), "with a limit of 1 asked"),
    A_LOWER_LIMIT_THAT_IS_IGNORED_AFTER_A_REBUILD(
        store(StoreFlaws::forgetsWhoRebuilt), "with a limit of 1 asked"),
    A_LOST_SCHEDULE_THAT_BEGINS_AT_ONCE(
        store(store -> StoreFlaws.beginsALostScheduleEarly(LOST, store)), "arrive within 60 s"),
    GRANTS_TAKEN_FAR_BEFORE_A_LOST_TABLE(
        LimiterModel.waiting(Duration.ofSeconds(110)), "arrive within 60 s"),
    NO_CHECK_OF_THE_CLOCK(
        new LimiterModel(PERIOD, store -> store, false, MAX_WAIT, Duration.ZERO),
        "arrive within 60 s");

    private final LimiterModel model;
    private final String broken;

    Flaw(LimiterModel model, String broken) {
      this.model = model;
      this.broken = broken;
    }
  }

  private static final Duration LOST = SharedSchedule.FARTHEST_GRANT.plus(PERIOD);

  @ParameterizedTest
  @CsvSource({
    "NO_MARGIN, AFTER_ONE_CALL, 2",
    "NO_TOLERANCE_OR_NO_SKEW_IN_THE_MARGIN, AFTER_ONE_CALL, 2",
    "NO_TRAVEL_IN_THE_MARGIN, AFTER_ONE_CALL, 2",
    "A_MARGIN_THAT_IS_A_MILLISECOND_SHORT, AFTER_ONE_CALL, 2",
    "NO_BOUNDS_ON_THE_NUMBER_OF_A_GRANT, ONE_CALL, 3",
    "NO_CONDITION_ON_THE_VERSION, AFTER_ONE_OF_THREE_CALLS, 2",
    "NO_CONDITION_ON_THE_REPLACED_SCHEDULE, ONE_CALL, 3",
    "CALLS_THAT_A_REBUILD_FREES, AFTER_A_BURST, 1",
    "A_TOKEN_THAT_OUTLIVES_ITS_SCHEDULE, AFTER_ONE_OF_THREE_CALLS, 3",
    "NEWCOMERS_THAT_PASS_THE_LINE, AFTER_ONE_OF_THREE_CALLS, 2",
    "NEWCOMERS_THAT_PASS_THE_LINE_BY_A_REBUILD, AFTER_A_NOTE, 1",
    "GRANTS_USED_AFTER_THEY_EXPIRE, AFTER_ONE_CALL, 2",
    "A_CHANGED_LIMIT_THAT_BEGINS_EARLY, TWO_LIMITS, 2",
    "A_CHANGED_LIMIT_THAT_BEGINS_EARLY, RAISED_LIMIT_AFTER_A_CALL, 1",
    "A_LOWER_LIMIT_THAT_IS_IGNORED, TWO_LIMITS, 2",
    "A_LOWER_LIMIT_THAT_IS_IGNORED_AFTER_A_REBUILD, RAISED_LIMIT, 3",
    "A_LOST_SCHEDULE_THAT_BEGINS_AT_ONCE, AFTER_A_LOST_TABLE, 1",
    "GRANTS_TAKEN_FAR_BEFORE_A_LOST_TABLE, AFTER_A_LOST_TABLE, 1",
    "NO_CHECK_OF_THE_CLOCK, WRONG_CLOCK, 3",
  })
  void everyFlawHasACounterExampleOfMinimumLength(Flaw flaw, ModelScenario scenario, int length) {
    assertThat(length).isLessThanOrEqualTo(scenario.depth());
    ModelSearch search = scenario.search(flaw.model);

    BreadthFirstSearch.Result<ModelAction> found = search.run(length);

    String text = search.counterExample(found).orElse("no counter-example");
    assertThat(text).contains(flaw.broken);
    assertThat(found.path().orElseThrow()).as(text).hasSize(length);
  }

  /**
   * The same grant must be given twice. Each action gives at most two grants. Therefore grant
   * number k, from 0, is given twice after k/2 + 2 actions.
   */
  @ParameterizedTest
  @CsvSource({"0, 2", "1, 2", "2, 3"})
  void aCounterExampleIsNotLongerThanTheKnownMinimum(long number, int length) {
    var search = ModelSearch.of(store(store -> StoreFlaws.losesTheUpdateOf(number, store)), 5);

    assertThat(search.run(length - 1).path()).isEmpty();
    assertThat(search.run(length).path())
        .hasValueSatisfying(path -> assertThat(path).hasSize(length));
  }

  @Night
  @Test
  void aLongCounterExampleIsNotLongerThanTheKnownMinimum() {
    aCounterExampleIsNotLongerThanTheKnownMinimum(4, 4);
  }

  @Test
  void aCounterExampleIsPrintedAsANumberedListOfActions() {
    ModelSearch search = ModelScenario.AFTER_ONE_CALL.search(Flaw.NO_MARGIN.model);

    String text = search.counterExample(search.run(2)).orElseThrow();

    assertThat(text.lines()).hasSize(4);
    assertThat(text)
        .startsWith("  1. Begin[process=0, task=Sign[]")
        .contains("Broken: 2 calls arrive within 60 s, where 1 are allowed");
  }

  private static LimiterModel period(Duration period) {
    return new LimiterModel(period, store -> store, true, MAX_WAIT, Duration.ZERO);
  }

  private static LimiterModel store(UnaryOperator<ScheduleStore> flaw) {
    return new LimiterModel(PERIOD, flaw, true, MAX_WAIT, Duration.ZERO);
  }
}
