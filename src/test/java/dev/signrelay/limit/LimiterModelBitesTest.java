package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;

import java.time.Duration;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;

/**
 * That {@link LimiterModelTest} fails if any part of the limiter is missing. jqwik looks for the
 * counter-example and shortens it as always; a hook expects one, of few actions.
 */
final class LimiterModelBitesTest {

  @ExpectCounterExample
  void withoutAMargin(@ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, Duration.ofSeconds(60));
  }

  @ExpectCounterExample
  void withoutTheToleranceOrTheSkewInTheMargin(
      @ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, PERIOD.minusMillis(1_000));
  }

  @ExpectCounterExample
  void withoutTheTravelInTheMargin(@ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, PERIOD.minusMillis(500));
  }

  @ExpectCounterExample
  void withAMarginThatIsAMillisecondShort(@ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, PERIOD.minusMillis(1));
  }

  @ExpectCounterExample
  void withoutTheConditionOnTheNumberOfAGrant(
      @ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, StoreFlaws::countsPastTheBounds);
  }

  @ExpectCounterExample
  void withoutTheConditionOnTheVersion(@ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, StoreFlaws::countsForAnyVersion);
  }

  @ExpectCounterExample
  void withoutTheConditionOnWhatIsReplaced(@ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, StoreFlaws::replacesAnySchedule);
  }

  @ExpectCounterExample
  void withSlotsThatARenewalFrees(@ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, StoreFlaws::freesAllSlotsOnRenewal);
  }

  @ExpectCounterExample
  void withGrantsThatAreRedeemedTwice(@ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, StoreFlaws::claimsAnyGrant);
  }

  @ExpectCounterExample
  void withClaimsThatAreForgottenByTheStoresClock(
      @ForAll(supplier = ModelRuns.Short.class) ModelRun run) {
    check(run, StoreFlaws::forgetsClaimsASecondEarly);
  }

  private static void check(ModelRun run, Duration period) {
    new LimiterModel(run, period, store -> store).check();
  }

  private static void check(ModelRun run, UnaryOperator<ScheduleStore> flaw) {
    new LimiterModel(run, PERIOD, flaw).check();
  }
}
