package dev.signrelay.limit;

import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.RateLimiter.FreeCalls;
import dev.signrelay.limit.RateLimiter.GrantAnswer;
import dev.signrelay.limit.RateLimiter.GrantAnswer.Granted;
import dev.signrelay.limit.RateLimiter.GrantAnswer.Refused;
import dev.signrelay.limit.RateLimiter.LimiterUnavailableException;
import dev.signrelay.limit.RateLimiter.LineWait;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SlidingWindowLimiterTest {

  private static final Instant T = FakeTime.START;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANY = Duration.ofDays(1);

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

  /** For slots of one call, of 15 and of 1,562. */
  @ParameterizedTest
  @CsvSource({"10, 0.1", "10, 0.5", "10, 0.95", "1000, 0.5", "100000, 0.95"})
  void aSteadyRateBelowTheLimitIsNeverDelayed(int calls, double load) {
    RateLimiter limiter = process(calls);
    int batch = Math.max(1, calls / 1_000);
    Duration pause = Duration.ofNanos((long) (PERIOD.toNanos() * batch / (calls * load)));

    for (Instant end = T.plus(PERIOD.multipliedBy(3)); time.instant().isBefore(end); ) {
      assertThat(limiter.acquireForLine(batch, ZERO, TIMEOUT)).hasSize(batch);
      time.advance(pause);
    }
  }

  /** As in a process that is restored from a snapshot. */
  @Test
  void aLimiterThatWasCreatedLongAgoUsesTheTimeOfItsFirstUse() {
    RateLimiter limiter = process(1);
    time.advance(Duration.ofDays(10));

    assertThat(granted(limiter, ZERO).from()).isEqualTo(time.instant());
  }

  /** The line forms before a drain run has seen it. */
  @Test
  void onceAJobHasJoinedTheLineNoNewcomerIsGrantedACallBeforeIt() {
    granted(process(1), ZERO);
    process(1).noteJoined(1, TIMEOUT);
    time.sleepUntil(T.plus(PERIOD));

    assertThat(process(1).acquire(ZERO, TIMEOUT))
        .as("its call is free")
        .isInstanceOf(Refused.class);

    assertThat(times(process(1).acquireForLine(1, ZERO, TIMEOUT))).containsExactly(T.plus(PERIOD));
    time.advance(PERIOD);
    granted(process(1), ZERO);
  }

  /** A refusal costs no request, so that a process has to look again by itself. */
  @Test
  void aProcessThatHasSeenALineIsGrantedCallsAtMostTenSecondsAfterItsEnd() {
    RateLimiter limiter = process(1);
    limiter.noteLine(9, TIMEOUT);
    process(1).noteLine(0, TIMEOUT);
    long requests = store.requests();
    time.advance(Duration.ofMillis(9_999));
    assertThat(limiter.acquire(ZERO, TIMEOUT)).isInstanceOf(Refused.class);
    assertThat(store.requests()).isEqualTo(requests);

    time.advance(Duration.ofMillis(1));

    granted(limiter, ZERO);
  }

  @Test
  void aRefusalTellsTheWaitBehindTheLine() {
    RateLimiter limiter = process(2);
    limiter.acquireForLine(2, ZERO, TIMEOUT);

    assertThat(limiter.noteLine(4, TIMEOUT)).isEqualTo(PERIOD.multipliedBy(3));

    assertThat(limiter.acquire(ZERO, TIMEOUT))
        .isEqualTo(new Refused(new LineWait(PERIOD.multipliedBy(3), true)));
    time.advance(PERIOD);
    limiter.acquireForLine(2, ZERO, TIMEOUT);
    assertThat(limiter.acquire(ZERO, TIMEOUT))
        .as("the line is shorter, and as many calls were taken")
        .isEqualTo(new Refused(new LineWait(PERIOD.multipliedBy(2), true)));
  }

  /** Runs begin every minute. After three without one, it is not known that any will come. */
  @ParameterizedTest
  @CsvSource({"0, true", "179999, true", "180000, false"})
  void theWaitInLineIsKnownForThreeMinutesAfterANote(int millis, boolean isKnown) {
    RateLimiter limiter = process(1);
    assertThat(limiter.lastNote()).isEqualTo(Instant.MIN);
    limiter.noteLine(20, TIMEOUT);
    assertThat(limiter.lastNote()).isEqualTo(T);
    time.advance(Duration.ofMillis(millis));
    limiter.noteJoined(1, TIMEOUT);

    assertThat(refused(limiter).isKnown()).isEqualTo(isKnown);

    limiter.noteLine(20, TIMEOUT);
    assertThat(refused(limiter).isKnown()).isTrue();
  }

  private static LineWait refused(RateLimiter limiter) {
    return ((Refused) limiter.acquire(ZERO, TIMEOUT)).line();
  }

  @Test
  void asManyGrantsAsBeginSoonAreTakenForTheLine() {
    RateLimiter limiter = process(3);

    List<Grant> grants = limiter.acquireForLine(10, ZERO, TIMEOUT);

    assertThat(times(grants)).containsExactly(T, T, T);
    assertThat(grants).extracting(Grant::id).doesNotHaveDuplicates();
    assertThat(limiter.acquireForLine(10, PERIOD.minusMillis(1), TIMEOUT)).isEmpty();
    assertThat(times(limiter.acquireForLine(1, PERIOD, TIMEOUT))).containsExactly(T.plus(PERIOD));
  }

  @ParameterizedTest
  @CsvSource({"0, 3, 0", "2, 1, 0", "3, 0, 62500"})
  void theCallsThatAreFreeSoonAreCounted(int taken, int free, int nextInMillis) {
    RateLimiter limiter = process(3);
    if (taken > 0) {
      limiter.acquireForLine(taken, ZERO, TIMEOUT);
    }

    var expected = new FreeCalls(free, Duration.ofMillis(nextInMillis));
    assertThat(limiter.freeCalls(PERIOD.minusMillis(1), TIMEOUT)).isEqualTo(expected);
    assertThat(limiter.freeCalls(PERIOD, TIMEOUT).free()).isEqualTo(free + 3);
  }

  /**
   * A second rebuild would cause conflicts in other processes. With a slow store, every schedule is
   * seen late.
   */
  @ParameterizedTest
  @CsvSource({"0, 0", "500, 0", "501, 501"})
  void aRebuiltScheduleIsNotRebuiltAgainWithin500Millis(int millisAfter, int grantedMillisAfter) {
    granted(process(10), ZERO);
    time.advance(Duration.ofSeconds(100));
    RateLimiter late = process(10);
    late.noteLine(0, TIMEOUT);
    Instant rebuilt = granted(process(10), ZERO).from();

    time.advance(Duration.ofMillis(millisAfter));

    assertThat(granted(late, ZERO).from()).isEqualTo(rebuilt.plusMillis(grantedMillisAfter));
  }

  @Test
  void callsThatPassedUnusedAreFreeNowAndDoNotAccumulate() {
    RateLimiter limiter = process(3);
    granted(limiter, ZERO);

    time.advance(Duration.ofDays(1));

    Instant now = time.instant();
    assertThat(limiter.freeCalls(ZERO, TIMEOUT)).isEqualTo(new FreeCalls(3, ZERO));
    assertThat(limiter.noteLine(0, TIMEOUT)).as("the wait is not negative").isZero();
    assertThat(times(limiter.acquireForLine(4, ANY, TIMEOUT)))
        .containsExactly(now, now, now, now.plus(PERIOD));
  }

  @Test
  void aStoreThatFailsOrHangsMakesTheLimiterUnavailable() {
    var broken = new SlidingWindowLimiter(ForwardingStore.broken(), 1, PERIOD, time, this::id);

    Stream.<ThrowingCallable>of(
            () -> broken.acquire(ANY, TIMEOUT),
            () -> broken.acquireForLine(1, ANY, TIMEOUT),
            () -> broken.freeCalls(ANY, TIMEOUT),
            () -> broken.noteLine(1, TIMEOUT))
        .forEach(call -> assertIsUnavailable(call, "the rate limiter failed"));
    assertThat(broken.refusesClock()).as("another failure").isFalse();
    assertIsUnavailable(
        () -> process(1).acquire(ANY, ZERO), "the rate limiter did not answer in time");
  }

  /** The jobs of a burst do not wait for the next note to be counted. */
  @Test
  void aJobExpectsItsCallBehindThoseThatThisProcessSentIntoTheLineSinceItsNote() {
    RateLimiter limiter = process(2);
    limiter.acquireForLine(2, ZERO, TIMEOUT);
    // A job that is refused and does not join, as its client has used up its quota, delays no
    // other.
    assertThat(limiter.acquire(ZERO, TIMEOUT)).isInstanceOf(Refused.class);
    assertThat(limiter.acquire(ZERO, TIMEOUT)).isInstanceOf(Refused.class);

    assertThat(expectedPeriods(limiter, 5)).containsExactly(1L, 1L, 2L, 2L, 3L);

    time.advance(Duration.ofSeconds(1));
    limiter.noteLine(3, TIMEOUT);
    assertThat(expectedPeriods(limiter, 2)).containsExactly(2L, 3L);
  }

  /** Otherwise a burst over many processes is told a fraction of its wait until the next run. */
  @Test
  void aJobExpectsItsCallBehindThoseThatOtherProcessesSentIntoTheLine() {
    RateLimiter limiter = process(10);
    limiter.acquireForLine(10, ZERO, TIMEOUT);
    List<RateLimiter> others = List.of(process(10), process(10));

    IntStream.range(0, 100).forEach(i -> others.get(i % 2).noteJoined(1, TIMEOUT));

    assertThat(refused(process(10)).expected()).isEqualTo(PERIOD.multipliedBy(11));
  }

  /** The grants that they took are those of the jobs before. */
  @Test
  void jobsThatLeaveTheLineDoNotMakeItLonger() {
    RateLimiter limiter = process(2);
    limiter.acquireForLine(2, ZERO, TIMEOUT);
    assertThat(expectedPeriods(limiter, 4)).containsExactly(1L, 1L, 2L, 2L);

    time.advance(PERIOD);
    limiter.acquireForLine(2, ZERO, TIMEOUT);

    assertThat(expectedPeriods(limiter, 1)).containsExactly(2L);
  }

  /** How many periods the calls of jobs that join the line one after the other begin after now. */
  private List<Long> expectedPeriods(RateLimiter limiter, int jobs) {
    return IntStream.range(0, jobs)
        .mapToObj(_ -> refused(limiter))
        .peek(_ -> limiter.noteJoined(1, TIMEOUT))
        .map(line -> line.expected().plusSeconds(1).dividedBy(PERIOD))
        .toList();
  }

  /** A single one can be a process that was frozen during a request. */
  @Test
  void aClockThatIsRefusedTwiceInARowIsWrong() {
    var slow = new SlowStore(time);
    var limiter = new SlidingWindowLimiter(slow, 1, PERIOD, time, this::id);

    slow.latency = Duration.ofSeconds(10);
    assertThat(refusesClockAfterRequest(limiter)).isFalse();
    assertThat(refusesClockAfterRequest(limiter)).isTrue();

    slow.latency = ZERO;
    limiter.noteLine(0, TIMEOUT);
    assertThat(limiter.refusesClock()).isFalse();
    slow.latency = Duration.ofSeconds(10);
    time.advance(slow.latency);
    assertThat(refusesClockAfterRequest(limiter)).as("counts from the last success").isFalse();
  }

  private static boolean refusesClockAfterRequest(RateLimiter limiter) {
    assertIsUnavailable(() -> limiter.acquire(ZERO, TIMEOUT), "the rate limiter failed");
    return limiter.refusesClock();
  }

  private static void assertIsUnavailable(ThrowingCallable call, String message) {
    assertThatThrownBy(call).isInstanceOf(LimiterUnavailableException.class).hasMessage(message);
  }

  private RateLimiter process(int calls) {
    return new SlidingWindowLimiter(store, calls, PERIOD, time, this::id);
  }

  private String id() {
    return "id-" + ids.incrementAndGet();
  }

  private static Grant granted(RateLimiter limiter, Duration wait) {
    GrantAnswer answer = limiter.acquire(wait, TIMEOUT);
    assertThat(answer).isInstanceOf(Granted.class);
    return ((Granted) answer).grant();
  }

  private static List<Instant> times(List<Grant> grants) {
    return grants.stream().map(Grant::from).toList();
  }
}
