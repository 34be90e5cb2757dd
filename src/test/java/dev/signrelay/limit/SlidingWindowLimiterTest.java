package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.testing.FakeTime;
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

  private static final Instant T = FakeTime.START;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final MemoryScheduleStore store = new MemoryScheduleStore();
  private final AtomicInteger versions = new AtomicInteger();
  private final FakeTime time = new FakeTime();

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1_000})
  void theLimitIsGrantedAtOnceAndAgainAfterEachPeriod(int calls) {
    RateLimiter limiter = process(calls);

    List<Instant> times = times(limiter, 2 * calls + 1);

    assertThat(times.subList(0, calls)).containsOnly(T);
    assertThat(times.subList(calls, 2 * calls)).containsOnly(T.plus(PERIOD));
    assertThat(times.getLast()).isEqualTo(T.plus(PERIOD).plus(PERIOD));
  }

  @Test
  void theMarginCostsLessThanFivePercentOfTheRate() {
    assertThat(PERIOD).isBetween(Duration.ofSeconds(60), Duration.ofMillis(63_157));
  }

  @Test
  void aSteadyRateBelowTheLimitIsNeverDelayed() {
    RateLimiter limiter = process(10);

    for (int i = 0; i < 100; i++) {
      time.advance(Duration.ofMillis(6_251));
      assertThat(limiter.acquire(time.instant(), TIMEOUT)).isPresent();
    }
  }

  @Test
  void grantsAreFirstComeFirstServedAcrossProcesses() {
    List<RateLimiter> processes = Stream.generate(() -> process(2)).limit(5).toList();
    var times = new ArrayList<Instant>();

    for (int i = 0; i < 50; i++) {
      times.add(processes.get(i % 5).acquire(TIMEOUT).from());
      time.advance(Duration.ofMillis(100));
    }

    assertThat(times).isSorted();
  }

  @Test
  void aStreamOfImmediateRequestsDelaysARetryByAtMostAPeriod() {
    RateLimiter functions = process(3);
    IntStream.range(0, 10_000).forEach(_ -> functions.acquire(time.instant(), TIMEOUT));

    assertThat(process(3).acquire(TIMEOUT).from()).isEqualTo(T.plus(PERIOD));
  }

  @Test
  void laterRequestsDoNotDelayAGrant() {
    RateLimiter limiter = process(1);
    limiter.acquire(TIMEOUT);
    Grant retry = limiter.acquire(TIMEOUT);

    IntStream.range(0, 100).forEach(_ -> process(1).acquire(TIMEOUT));

    time.sleepUntil(retry.from());
    assertThat(limiter.acquire(time.instant(), TIMEOUT)).isEmpty();
    assertThat(limiter.claim(retry, TIMEOUT)).isTrue();
  }

  @Test
  void aGrantThatBeginsTooLateIsNotConsumed() {
    RateLimiter limiter = process(1);
    limiter.acquire(TIMEOUT);

    assertThat(limiter.acquire(T.plus(PERIOD).minusMillis(1), TIMEOUT)).isEmpty();
    assertThat(limiter.acquire(T.plus(PERIOD), TIMEOUT)).map(Grant::from).contains(T.plus(PERIOD));
  }

  @Test
  void anEmptyAcquireSendsNoRequestToTheStore() {
    RateLimiter limiter = process(1);
    limiter.acquire(TIMEOUT);
    long before = store.requests();

    IntStream.range(0, 100).forEach(_ -> limiter.acquire(time.instant(), TIMEOUT));

    assertThat(store.requests()).isEqualTo(before);
  }

  @Test
  void anAcquireSendsOneRequestIfTheScheduleIsKnownAndTwoOtherwise() {
    times(process(10), 1_000);
    RateLimiter late = process(10);

    long before = store.requests();
    late.acquire(TIMEOUT);
    assertThat(store.requests() - before).isEqualTo(2);
    times(late, 100);
    assertThat(store.requests() - before).isEqualTo(102);
  }

  /**
   * A second rebuild would cause conflicts in other processes. With a slow store, every schedule is
   * seen late.
   */
  @ParameterizedTest
  @CsvSource({"0, 0", "500, 0", "501, 501"})
  void aRebuiltScheduleIsNotRebuiltAgainWithin500Millis(int millisAfter, int grantedMillisAfter) {
    RateLimiter late = process(10);
    late.acquire(TIMEOUT);
    Instant rebuilt = T.plusSeconds(100);
    time.sleepUntil(rebuilt);
    process(10).acquire(TIMEOUT);
    long before = store.requests();

    time.sleepUntil(rebuilt.plusMillis(millisAfter));

    assertThat(late.acquire(TIMEOUT).from()).isEqualTo(rebuilt.plusMillis(grantedMillisAfter));
    assertThat(store.requests() - before).isEqualTo(2);
  }

  @Test
  void aGrantIsClaimedOnce() {
    Grant grant = process(1).acquire(TIMEOUT);

    assertThat(process(1).claim(grant, TIMEOUT)).isTrue();
    assertThat(process(1).claim(grant, TIMEOUT)).isFalse();
  }

  @Test
  void unusedCapacityDoesNotAccumulate() {
    RateLimiter limiter = process(3);
    times(limiter, 1);

    time.advance(Duration.ofDays(1));

    assertThat(times(limiter, 4))
        .containsExactly(
            time.instant(), time.instant(), time.instant(), time.instant().plus(PERIOD));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20})
  void aChangedLimitBeginsAfterThePeriodsOfTheOldOne(int calls) {
    times(process(10), 25);

    List<Instant> times = times(process(calls), calls + 1);

    Instant begin = T.plus(PERIOD.multipliedBy(3));
    assertThat(times.subList(0, calls)).containsOnly(begin);
    assertThat(times.getLast()).isEqualTo(begin.plus(PERIOD));
  }

  @Test
  void anImmediateRequestDoesNotConsumeTheFirstGrantOfAChangedLimit() {
    times(process(10), 25);

    assertThat(process(5).acquire(time.instant(), TIMEOUT)).isEmpty();
    assertThat(process(5).acquire(TIMEOUT).id()).endsWith("/0");
  }

  @Test
  void aStoreThatFailsOrHangsMakesTheLimiterUnavailable() {
    var limiter = new SlidingWindowLimiter(new Broken(), 1, PERIOD, time, this::version);

    assertThatThrownBy(() -> limiter.acquire(TIMEOUT))
        .isInstanceOf(LimiterUnavailableException.class);
    assertThatThrownBy(() -> limiter.claim(new Grant("g", T, T), Duration.ZERO))
        .isInstanceOf(LimiterUnavailableException.class);
  }

  @Test
  void withoutALimitEveryGrantBeginsNowAndStaysValid() {
    var limiter = new NoLimit(time);

    Grant grant = limiter.acquire(TIMEOUT);

    assertThat(grant.from()).isEqualTo(T);
    assertThat(grant.isExpired(T.plus(Duration.ofDays(1)))).isFalse();
    assertThat(limiter.acquire(T.minusSeconds(1), TIMEOUT)).map(Grant::from).contains(T);
    assertThat(limiter.claim(grant, TIMEOUT)).isTrue();
    assertThat(limiter.claim(grant, TIMEOUT)).isTrue();
  }

  private RateLimiter process(int calls) {
    return new SlidingWindowLimiter(store, calls, PERIOD, time, this::version);
  }

  private String version() {
    return "v" + versions.incrementAndGet();
  }

  private static List<Instant> times(RateLimiter limiter, int count) {
    return Stream.generate(() -> limiter.acquire(TIMEOUT)).limit(count).map(Grant::from).toList();
  }

  private static final class Broken implements ScheduleStore {
    @Override
    public WriteResult increment(GrantSchedule schedule, long least, long most) {
      throw new IllegalStateException();
    }

    @Override
    public WriteResult replace(@Nullable GrantSchedule expected, GrantSchedule next) {
      throw new IllegalStateException();
    }

    @Override
    public boolean claim(String grantId, Instant forgetAfter) {
      throw new IllegalStateException();
    }
  }
}
