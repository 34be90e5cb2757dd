package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SlidingWindowLimiterTest {

  private static final Instant T = Instant.parse("2026-11-23T12:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final MemoryScheduleStore store = new MemoryScheduleStore();
  private final AtomicInteger versions = new AtomicInteger();
  private Instant now = T;

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1_000})
  void asManyAsAllowedMayCallAtOnceAndEachFurtherOneAPeriodAfterTheOneThatManyBefore(int calls) {
    RateLimiter limiter = process(calls);

    List<Instant> times = times(limiter, 2 * calls + 1);

    assertThat(times.subList(0, calls)).containsOnly(T);
    assertThat(times.subList(calls, 2 * calls)).containsOnly(T.plus(PERIOD));
    assertThat(times.getLast()).isEqualTo(T.plus(PERIOD).plus(PERIOD));
  }

  @Test
  void aPeriodCostsLessThanFivePercentOfTheRate() {
    assertThat(PERIOD).isBetween(Duration.ofSeconds(60), Duration.ofMillis(63_157));
  }

  @Test
  void aSteadyRateBelowTheLimitIsNeverHeldUp() {
    RateLimiter limiter = process(10);

    for (int i = 0; i < 100; i++) {
      now = now.plusMillis(6_251);
      assertThat(limiter.ask(now, TIMEOUT)).isPresent();
    }
  }

  @Test
  void whoAsksFirstGoesFirstWhicheverProcessAsks() {
    List<RateLimiter> processes = Stream.generate(() -> process(2)).limit(5).toList();
    var times = new ArrayList<Instant>();

    for (int i = 0; i < 50; i++) {
      times.add(processes.get(i % 5).ask(TIMEOUT).from());
      now = now.plusMillis(100);
    }

    assertThat(times).isSorted();
  }

  @Test
  void aStreamThatWantsOnlyCallsForNowCannotKeepARetryWaitingLongerThanAPeriod() {
    RateLimiter functions = process(3);
    IntStream.range(0, 10_000).forEach(_ -> functions.ask(now, TIMEOUT));

    assertThat(process(3).ask(TIMEOUT).from()).isEqualTo(T.plus(PERIOD));
  }

  @Test
  void whoAsksLaterNeverMovesAGrantThatWasGiven() {
    RateLimiter limiter = process(1);
    limiter.ask(TIMEOUT);
    Grant retry = limiter.ask(TIMEOUT);

    IntStream.range(0, 100).forEach(_ -> process(1).ask(TIMEOUT));

    now = retry.from();
    assertThat(limiter.ask(now, TIMEOUT)).isEmpty();
    assertThat(limiter.redeem(retry, TIMEOUT)).isTrue();
  }

  @Test
  void aGrantThatIsTooLateForTheAskerIsLeftToTheNext() {
    RateLimiter limiter = process(1);
    limiter.ask(TIMEOUT);

    assertThat(limiter.ask(T.plus(PERIOD).minusMillis(1), TIMEOUT)).isEmpty();
    assertThat(limiter.ask(T.plus(PERIOD), TIMEOUT)).map(Grant::from).contains(T.plus(PERIOD));
  }

  @Test
  void toKnowThatNobodyMayCallNowTakesNoRequestToTheStore() {
    RateLimiter limiter = process(1);
    limiter.ask(TIMEOUT);
    long before = store.requests();

    IntStream.range(0, 100).forEach(_ -> limiter.ask(now, TIMEOUT));

    assertThat(store.requests()).isEqualTo(before);
  }

  @Test
  void askingTakesOneRequestInALineThatIsKnownAndTwoInOneThatIsNot() {
    times(process(10), 1_000);
    RateLimiter late = process(10);

    long before = store.requests();
    late.ask(TIMEOUT);
    assertThat(store.requests() - before).isEqualTo(2);
    times(late, 100);
    assertThat(store.requests() - before).isEqualTo(102);
  }

  /** Each who did would refuse the others who ask, and a slow store is always seen late. */
  @ParameterizedTest
  @CsvSource({"0, 0", "500, 0", "501, 501"})
  void whoIsRefusedUpToHalfASecondAfterAnotherWroteTheScheduleAnewDoesNotWriteItAgain(
      int millisAfter, int grantedMillisAfter) {
    RateLimiter late = process(10);
    late.ask(TIMEOUT);
    Instant renewed = T.plusSeconds(100);
    now = renewed;
    process(10).ask(TIMEOUT);
    long before = store.requests();

    now = renewed.plusMillis(millisAfter);

    assertThat(late.ask(TIMEOUT).from()).isEqualTo(renewed.plusMillis(grantedMillisAfter));
    assertThat(store.requests() - before).isEqualTo(2);
  }

  @Test
  void aGrantIsRedeemedOnce() {
    Grant grant = process(1).ask(TIMEOUT);

    assertThat(process(1).redeem(grant, TIMEOUT)).isTrue();
    assertThat(process(1).redeem(grant, TIMEOUT)).isFalse();
  }

  @Test
  void unusedTimeIsNotSavedUp() {
    RateLimiter limiter = process(3);
    times(limiter, 1);

    now = now.plus(Duration.ofDays(1));

    assertThat(times(limiter, 4)).containsExactly(now, now, now, now.plus(PERIOD));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20})
  void anotherLimitHoldsFromTheNextPeriodOnAndNoWindowCountsBoth(int calls) {
    times(process(10), 25);

    List<Instant> times = times(process(calls), calls + 1);

    Instant begin = T.plus(PERIOD.multipliedBy(3));
    assertThat(times.subList(0, calls)).containsOnly(begin);
    assertThat(times.getLast()).isEqualTo(begin.plus(PERIOD));
  }

  @Test
  void whoWantsACallNowDoesNotTakeTheFirstOneOfAnotherLimit() {
    times(process(10), 25);

    assertThat(process(5).ask(now, TIMEOUT)).isEmpty();
    assertThat(process(5).ask(TIMEOUT).id()).endsWith("/0");
  }

  @Test
  void aStoreThatFailsOrHangsMakesTheLimiterUnavailable() {
    var limiter = new SlidingWindowLimiter(new Broken(), 1, PERIOD, () -> now, this::version);

    assertThatThrownBy(() -> limiter.ask(TIMEOUT)).isInstanceOf(LimiterUnavailableException.class);
    assertThatThrownBy(() -> limiter.redeem(new Grant("g", T, T), Duration.ZERO))
        .isInstanceOf(LimiterUnavailableException.class);
  }

  @Test
  void withoutALimitEveryCallMayBeginAtOnceAndTakeItsTime() {
    var limiter = new NoLimit(() -> now);

    Grant grant = limiter.ask(TIMEOUT);

    assertThat(grant.from()).isEqualTo(T);
    assertThat(grant.isOver(T.plus(Duration.ofDays(1)))).isFalse();
    assertThat(limiter.ask(T.minusSeconds(1), TIMEOUT)).map(Grant::from).contains(T);
    assertThat(limiter.redeem(grant, TIMEOUT)).isTrue();
    assertThat(limiter.redeem(grant, TIMEOUT)).isTrue();
  }

  private RateLimiter process(int calls) {
    return new SlidingWindowLimiter(store, calls, PERIOD, () -> now, this::version);
  }

  private String version() {
    return "v" + versions.incrementAndGet();
  }

  private static List<Instant> times(RateLimiter limiter, int count) {
    return Stream.generate(() -> limiter.ask(TIMEOUT)).limit(count).map(Grant::from).toList();
  }

  private static final class Broken implements ScheduleStore {
    @Override
    public Written count(GrantSchedule schedule, long least, long most) {
      throw new IllegalStateException();
    }

    @Override
    public Written replace(@Nullable GrantSchedule expected, GrantSchedule next) {
      throw new IllegalStateException();
    }

    @Override
    public boolean claim(String grantId, Instant forgetAfter) {
      throw new IllegalStateException();
    }

    @Override
    public void prepare() {}
  }
}
