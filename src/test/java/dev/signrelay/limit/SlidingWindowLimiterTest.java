package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.Answer;
import dev.signrelay.limit.RateLimiter.Answer.Granted;
import dev.signrelay.limit.RateLimiter.Answer.Refused;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.limit.RateLimiter.LineStatus;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SlidingWindowLimiterTest {

  private static final Instant T = FakeTime.START;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final GrantWindow AT_ONCE = GrantWindow.within(ZERO);
  private static final GrantWindow ANY = GrantWindow.within(Duration.ofDays(1));

  private final MemoryScheduleStore store = new MemoryScheduleStore();
  private final AtomicInteger ids = new AtomicInteger();
  private final FakeTime time = new FakeTime();

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1_000, 100_000})
  void theLimitIsGrantedAtOnceAndAgainAfterEachPeriod(int calls) {
    List<Instant> times = times(process(calls).acquireForLine(2 * calls + 1, ANY, TIMEOUT));

    assertThat(times.subList(0, calls)).containsOnly(T);
    assertThat(times.subList(calls, 2 * calls)).containsOnly(T.plus(PERIOD));
    assertThat(times.getLast()).isEqualTo(T.plus(PERIOD).plus(PERIOD));
  }

  @Test
  void theMarginCostsLessThanFivePercentOfTheRate() {
    assertThat(PERIOD).isBetween(Duration.ofSeconds(60), Duration.ofMillis(63_157));
  }

  /** At a tenth, half and 95 % of the rate, for slots of one call, of 15 and of 1,562. */
  @ParameterizedTest
  @CsvSource({
    "10, 0.1",
    "10, 0.5",
    "10, 0.95",
    "1000, 0.1",
    "1000, 0.5",
    "1000, 0.95",
    "100000, 0.1",
    "100000, 0.5",
    "100000, 0.95"
  })
  void aSteadyRateBelowTheLimitIsNeverDelayed(int calls, double load) {
    RateLimiter limiter = process(calls);
    int batch = Math.max(1, calls / 1_000);
    Duration pause = Duration.ofNanos((long) (PERIOD.toNanos() * batch / (calls * load)));

    for (Instant end = T.plus(PERIOD.multipliedBy(3)); time.instant().isBefore(end); ) {
      assertThat(limiter.acquireForLine(batch, AT_ONCE, TIMEOUT)).hasSize(batch);
      time.advance(pause);
    }
  }

  @Test
  void grantsAreFirstComeFirstServedAcrossProcesses() {
    List<RateLimiter> processes = Stream.generate(() -> process(2)).limit(5).toList();

    List<Instant> times =
        IntStream.range(0, 50)
            .mapToObj(
                i -> {
                  time.advance(Duration.ofMillis(100));
                  return granted(processes.get(i % 5), ANY).from();
                })
            .toList();

    assertThat(times).isSorted();
  }

  @Test
  void laterRequestsDoNotDelayAGrant() {
    RateLimiter limiter = process(1);
    granted(limiter, ANY);
    Grant retry = granted(limiter, ANY);

    IntStream.range(0, 100).forEach(_ -> granted(process(1), ANY));

    time.sleepUntil(retry.from());
    assertThat(limiter.acquire(AT_ONCE, TIMEOUT)).isInstanceOf(Refused.class);
    assertThat(limiter.claim(retry, TIMEOUT)).isTrue();
  }

  @Test
  void aGrantThatBeginsTooLateIsNotTaken() {
    RateLimiter limiter = process(1);
    granted(limiter, ANY);

    assertThat(limiter.acquire(GrantWindow.within(PERIOD.minusMillis(1)), TIMEOUT))
        .isEqualTo(new Refused(PERIOD, PERIOD));
    assertThat(granted(limiter, GrantWindow.within(PERIOD)).from()).isEqualTo(T.plus(PERIOD));
  }

  @Test
  void aGrantThatWouldBeginTooEarlyBeginsWhenTheWindowBegins() {
    assertThat(granted(process(1), GrantWindow.NEAR).from())
        .isEqualTo(T.plus(GrantWindow.NEAR.from()));
    assertThat(granted(process(1), GrantWindow.AHEAD).from())
        .isEqualTo(T.plus(GrantWindow.NEAR.from()).plus(PERIOD));
  }

  /** The line forms before DispatchFunction has seen it. */
  @Test
  void onceAJobHasJoinedTheLineNoLaterJobTakesANearGrant() {
    RateLimiter limiter = process(1);
    granted(limiter, AT_ONCE);
    assertThat(limiter.acquire(GrantWindow.NEAR, TIMEOUT)).isInstanceOf(Refused.class);

    time.advance(Duration.ofSeconds(30));
    assertThat(process(1).acquire(GrantWindow.NEAR, TIMEOUT))
        .as("a grant begins in 32.5 s")
        .isInstanceOf(Refused.class);

    assertThat(limiter.acquireForLine(1, GrantWindow.AHEAD, TIMEOUT))
        .extracting(Grant::from)
        .containsExactly(T.plus(PERIOD));
    time.advance(Duration.ofSeconds(60));
    assertThat(granted(process(1), GrantWindow.NEAR).from()).isEqualTo(T.plus(PERIOD).plus(PERIOD));
  }

  @Test
  void aCallThatIsFreeNowIsNotLeftForTheLine() {
    RateLimiter limiter = process(1);
    limiter.noteLine(9, GrantWindow.AHEAD, TIMEOUT);

    granted(limiter, AT_ONCE);
  }

  @Test
  void aRefusalTellsTheWaitBehindTheLine() {
    RateLimiter limiter = process(2);
    limiter.acquireForLine(2, AT_ONCE, TIMEOUT);

    limiter.noteLine(4, GrantWindow.AHEAD, TIMEOUT);

    assertThat(limiter.acquire(AT_ONCE, TIMEOUT))
        .isEqualTo(new Refused(PERIOD, PERIOD.multipliedBy(3)));
    limiter.acquireForLine(2, GrantWindow.AHEAD, TIMEOUT);
    assertThat(limiter.acquire(AT_ONCE, TIMEOUT))
        .as("the line is shorter, and as many grants were taken")
        .isEqualTo(new Refused(PERIOD.multipliedBy(2), PERIOD.multipliedBy(3)));
  }

  @Test
  void asManyGrantsAsBeginInTheWindowAreTakenForTheLine() {
    RateLimiter limiter = process(3);

    List<Grant> grants = limiter.acquireForLine(10, GrantWindow.AHEAD, TIMEOUT);

    Instant first = T.plus(GrantWindow.AHEAD.from());
    Instant second = first.plus(PERIOD);
    assertThat(times(grants)).containsExactly(first, first, first, second, second, second);
    assertThat(grants).extracting(Grant::id).doesNotHaveDuplicates();
    assertThat(limiter.acquireForLine(10, GrantWindow.AHEAD, TIMEOUT)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 6", "2, 4", "6, 0"})
  void theLineStatusTellsHowManyGrantsAreFree(int taken, int free) {
    RateLimiter limiter = process(3);
    if (taken > 0) {
      limiter.acquireForLine(taken, GrantWindow.AHEAD, TIMEOUT);
    }

    assertThat(limiter.noteLine(0, GrantWindow.AHEAD, TIMEOUT))
        .extracting(LineStatus::free)
        .isEqualTo(free);
  }

  @Test
  void theExpectedWaitIsNotNegative() {
    assertThat(process(1).noteLine(0, GrantWindow.AHEAD, TIMEOUT).expectedWait()).isZero();
    time.advance(Duration.ofHours(1));
    assertThat(process(1).noteLine(0, GrantWindow.AHEAD, TIMEOUT).expectedWait()).isZero();
  }

  /**
   * A second rebuild would cause conflicts in other processes. With a slow store, every schedule is
   * seen late.
   */
  @ParameterizedTest
  @CsvSource({"0, 0", "500, 0", "501, 501"})
  void aRebuiltScheduleIsNotRebuiltAgainWithin500Millis(int millisAfter, int grantedMillisAfter) {
    granted(process(10), AT_ONCE);
    time.advance(Duration.ofSeconds(100));
    RateLimiter late = process(10);
    late.noteLine(0, GrantWindow.AHEAD, TIMEOUT);
    Instant rebuilt = granted(process(10), AT_ONCE).from();

    time.advance(Duration.ofMillis(millisAfter));

    assertThat(granted(late, AT_ONCE).from()).isEqualTo(rebuilt.plusMillis(grantedMillisAfter));
  }

  @Test
  void unusedCapacityDoesNotAccumulate() {
    RateLimiter limiter = process(3);
    granted(limiter, AT_ONCE);

    time.advance(Duration.ofDays(1));

    Instant now = time.instant();
    assertThat(times(limiter.acquireForLine(4, ANY, TIMEOUT)))
        .containsExactly(now, now, now, now.plus(PERIOD));
  }

  @Test
  void aGrantIsClaimedOnce() {
    Grant grant = granted(process(1), ANY);

    assertThat(process(1).claim(grant, TIMEOUT)).isTrue();
    assertThat(process(1).claim(grant, TIMEOUT)).isFalse();
  }

  @Test
  void aStoreThatFailsOrHangsMakesTheLimiterUnavailable() {
    var broken = new SlidingWindowLimiter(new BrokenStore(), 1, PERIOD, time, this::id);
    var grant = new Grant("g", T, T);

    assertThatThrownBy(() -> broken.acquire(ANY, TIMEOUT))
        .isInstanceOf(LimiterUnavailableException.class)
        .hasMessage("the rate limiter failed");
    assertThatThrownBy(() -> broken.acquireForLine(1, ANY, TIMEOUT))
        .isInstanceOf(LimiterUnavailableException.class);
    assertThatThrownBy(() -> broken.noteLine(1, ANY, TIMEOUT))
        .isInstanceOf(LimiterUnavailableException.class);
    assertThatThrownBy(() -> broken.claim(grant, TIMEOUT))
        .isInstanceOf(LimiterUnavailableException.class);
    assertThatThrownBy(() -> process(1).claim(grant, ZERO))
        .isInstanceOf(LimiterUnavailableException.class)
        .hasMessage("the rate limiter did not answer in time");
  }

  private RateLimiter process(int calls) {
    return new SlidingWindowLimiter(store, calls, PERIOD, time, this::id);
  }

  private String id() {
    return "id-" + ids.incrementAndGet();
  }

  private static Grant granted(RateLimiter limiter, GrantWindow window) {
    Answer answer = limiter.acquire(window, TIMEOUT);
    assertThat(answer).isInstanceOf(Granted.class);
    return ((Granted) answer).grant();
  }

  private static List<Instant> times(List<Grant> grants) {
    return grants.stream().map(Grant::from).toList();
  }
}
