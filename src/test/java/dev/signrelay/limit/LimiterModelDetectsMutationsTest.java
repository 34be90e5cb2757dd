package dev.signrelay.limit;

import static dev.signrelay.limit.ModelScenario.AFTER_A_BURST;
import static dev.signrelay.limit.ModelScenario.AFTER_A_LOST_TABLE;
import static dev.signrelay.limit.ModelScenario.AFTER_A_NOTE;
import static dev.signrelay.limit.ModelScenario.AFTER_ONE_CALL;
import static dev.signrelay.limit.ModelScenario.AFTER_ONE_OF_THREE_CALLS;
import static dev.signrelay.limit.ModelScenario.ONE_CALL;
import static dev.signrelay.limit.ModelScenario.RAISED_LIMIT;
import static dev.signrelay.limit.ModelScenario.RAISED_LIMIT_AFTER_A_CALL;
import static dev.signrelay.limit.ModelScenario.TWO_LIMITS;
import static dev.signrelay.limit.ModelScenario.WRONG_CLOCK;
import static dev.signrelay.limit.SharedSchedule.MAX_WAIT;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Night;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Proves that {@link LimiterModelTest} fails if any part of the limiter is missing. The search
 * finds a counter-example of minimum length for each flaw.
 */
final class LimiterModelDetectsMutationsTest {

  private static final String LIMIT = "arrive within 60 s";
  private static final String ORDER = "is given after one from";
  private static final String LINE = "a newcomer is granted a call while jobs wait";
  private static final String ASKED = "with a limit of 1 asked";

  /** The flaws, each with the scenario and the length of its counter-example, and a text of it. */
  private enum Flaw {
    NO_MARGIN(AFTER_ONE_CALL, 2, period(Duration.ofSeconds(60)), LIMIT),
    NO_TOLERANCE_OR_NO_SKEW_IN_THE_MARGIN(
        AFTER_ONE_CALL, 2, period(PERIOD.minusMillis(1_000)), LIMIT),
    NO_TRAVEL_IN_THE_MARGIN(AFTER_ONE_CALL, 2, period(PERIOD.minusMillis(500)), LIMIT),
    A_MARGIN_THAT_IS_A_MILLISECOND_SHORT(AFTER_ONE_CALL, 2, period(PERIOD.minusMillis(1)), LIMIT),
    NO_BOUNDS_ON_THE_NUMBER_OF_A_GRANT(
        ONE_CALL, 3, store(StoreFlaws::takesPastTheBounds), "begins after"),
    NO_CONDITION_ON_THE_VERSION(
        AFTER_ONE_OF_THREE_CALLS, 2, store(StoreFlaws::takesFromAnyVersion), ORDER),
    NO_CONDITION_ON_THE_REPLACED_SCHEDULE(ONE_CALL, 3, store(StoreFlaws::replacesAnyState), ORDER),
    CALLS_THAT_A_REBUILD_FREES(AFTER_A_BURST, 1, store(StoreFlaws::freesAllCallsOnRebuild), LIMIT),
    A_TOKEN_THAT_OUTLIVES_ITS_SCHEDULE(
        AFTER_ONE_OF_THREE_CALLS,
        3,
        store(StoreFlaws::keepsTheTokenOfAReplacedSchedule),
        "is given twice"),
    NEWCOMERS_THAT_PASS_THE_LINE(
        AFTER_ONE_OF_THREE_CALLS, 2, store(StoreFlaws::takesPastTheLine), LINE),
    NEWCOMERS_THAT_PASS_THE_LINE_BY_A_REBUILD(
        AFTER_A_NOTE, 1, store(StoreFlaws::replacesALongerLine), LINE),
    GRANTS_USED_AFTER_THEY_EXPIRE(
        AFTER_ONE_CALL,
        2,
        new LimiterModel(PERIOD, store -> store, true, MAX_WAIT, Duration.ofMillis(1)),
        LIMIT),
    A_CHANGED_LIMIT_THAT_BEGINS_EARLY(
        TWO_LIMITS, 2, store(StoreFlaws::beginsAChangedLimitEarly), LIMIT),
    A_RAISED_LIMIT_THAT_BEGINS_EARLY(
        RAISED_LIMIT_AFTER_A_CALL, 1, store(StoreFlaws::beginsAChangedLimitEarly), LIMIT),
    A_LOWER_LIMIT_THAT_IS_IGNORED(TWO_LIMITS, 2, store(StoreFlaws::forgetsWhoAsked), ASKED),
    A_LOWER_LIMIT_THAT_IS_IGNORED_AFTER_A_REBUILD(
        RAISED_LIMIT, 3, store(StoreFlaws::forgetsWhoRebuilt), ASKED),
    A_LOST_SCHEDULE_THAT_BEGINS_AT_ONCE(
        AFTER_A_LOST_TABLE,
        1,
        store(store -> StoreFlaws.beginsALostScheduleEarly(LOST, store)),
        LIMIT),
    GRANTS_TAKEN_FAR_BEFORE_A_LOST_TABLE(
        AFTER_A_LOST_TABLE, 1, LimiterModel.waiting(Duration.ofSeconds(110)), LIMIT),
    NO_CHECK_OF_THE_CLOCK(
        WRONG_CLOCK,
        3,
        new LimiterModel(PERIOD, store -> store, false, MAX_WAIT, Duration.ZERO),
        LIMIT);

    private final ModelScenario scenario;
    private final int length;
    private final LimiterModel model;
    private final String broken;

    Flaw(ModelScenario scenario, int length, LimiterModel model, String broken) {
      this.scenario = scenario;
      this.length = length;
      this.model = model;
      this.broken = broken;
    }
  }

  private static final Duration LOST = SharedSchedule.FARTHEST_GRANT.plus(PERIOD);

  @ParameterizedTest
  @EnumSource
  void everyFlawHasACounterExampleOfMinimumLength(Flaw flaw) {
    assertThat(flaw.length).isLessThanOrEqualTo(flaw.scenario.depth());
    ModelSearch search = flaw.scenario.search(flaw.model);

    BreadthFirstSearch.Result found = search.run(flaw.length);

    String text = search.counterExample(found).orElse("no counter-example");
    assertThat(text).contains(flaw.broken);
    assertThat(found.path().orElseThrow()).as(text).hasSize(flaw.length);
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
