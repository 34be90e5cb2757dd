package dev.signrelay.limit;

import static dev.signrelay.limit.SharedSchedule.LOWER_LIMIT_HOLDS;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Two limits side by side, another period, and a lost state. */
final class SharedScheduleLimitsTest {

  private static final Duration MILLI = Duration.ofMillis(1);

  private final FakeTime time = new FakeTime();
  private final RecordingStore store = new RecordingStore(time);
  private final AtomicInteger ids = new AtomicInteger();
  private final SharedSchedule lower = process(10);
  private final SharedSchedule higher = process(20);

  @Test
  void aLowerLimitHoldsAtOnceForEverybody() throws InterruptedException {
    assertThat(higher.current().schedule().calls()).isEqualTo(20);

    assertThat(lower.current().schedule().calls()).isEqualTo(10);

    time.advance(Duration.ofSeconds(10));
    assertThat(higher.current().schedule().calls()).isEqualTo(10);
  }

  @Test
  void aHigherLimitWaitsUntilNobodyHasAskedForFiveMinutes() throws InterruptedException {
    lower.current();

    time.advance(LOWER_LIMIT_HOLDS);
    assertThat(higher.current().schedule().calls()).isEqualTo(10);

    time.advance(MILLI);
    assertThat(higher.current().schedule().calls()).isEqualTo(20);
    assertThat(store.state().askedAt()).isEqualTo(time.instant());
  }

  @Test
  void aTakeOfTheLowerLimitPutsTheHigherOff() throws InterruptedException {
    lower.current();
    time.advance(LOWER_LIMIT_HOLDS);

    take(lower);

    assertThatTheHigherLimitWaitsFromNow();
  }

  @Test
  void aReplacementOfTheLowerLimitPutsTheHigherOff() throws InterruptedException {
    lower.current();
    time.advance(LOWER_LIMIT_HOLDS);

    LimiterState last = lower.current();
    lower.replace(last, last.schedule().rebuilt("rebuilt", time.instant()), 0);

    assertThatTheHigherLimitWaitsFromNow();
  }

  @Test
  void aNoteOfTheLowerLimitPutsTheHigherOff() throws InterruptedException {
    lower.current();
    time.advance(LOWER_LIMIT_HOLDS);

    lower.note(7);

    assertThatTheHigherLimitWaitsFromNow();
  }

  private void assertThatTheHigherLimitWaitsFromNow() throws InterruptedException {
    Instant asked = time.instant();
    assertThat(store.state().askedAt()).isEqualTo(asked);
    time.advance(LOWER_LIMIT_HOLDS);
    assertThat(higher.current().schedule().calls()).isEqualTo(10);
  }

  @Test
  void requestsOfTheHigherLimitDoNotPutItOff() throws InterruptedException {
    lower.current();
    Instant asked = time.instant();
    time.advance(LOWER_LIMIT_HOLDS);

    take(higher);
    higher.note(7);
    LimiterState last = higher.current();
    higher.replace(last, last.schedule().rebuilt("rebuilt", time.instant()), 0);

    assertThat(store.state().askedAt()).isEqualTo(asked);
  }

  /** Otherwise the higher limit would begin while processes with the lower one still ask. */
  @Test
  void aLowerLimitHoldsWhileItsRequestsAreRefused() throws InterruptedException {
    LimiterState last = lower.current();
    time.advance(Duration.ofMinutes(1));
    lower.noteRefusal(last);
    assertThat(store.state().askedAt()).as("noted once a minute").isEqualTo(last.askedAt());

    time.advance(MILLI);
    lower.noteRefusal(last);
    assertThat(store.state().askedAt()).isEqualTo(time.instant());
  }

  @Test
  void aRefusalOfTheHigherLimitIsNotNoted() throws InterruptedException {
    LimiterState last = lower.current();
    time.advance(LOWER_LIMIT_HOLDS);

    higher.noteRefusal(last);

    assertThat(store.state()).isEqualTo(last);
  }

  @Test
  void aHigherLimitWaitsUntilEveryRemovedCallIsFree() throws InterruptedException {
    Instant free = time.instant().plus(LOWER_LIMIT_HOLDS.multipliedBy(2));
    GrantSchedule idle = GrantSchedule.idle("v", PERIOD, 10, free);
    store.replace(null, new LimiterState(idle, time.instant(), 0, time.instant(), ""));

    time.sleepUntil(free.minus(MILLI));
    assertThat(higher.current().schedule().calls()).isEqualTo(10);

    time.sleepUntil(free);
    assertThat(process(20).current().schedule().calls()).isEqualTo(20);
  }

  @Test
  void theNumberOfWaitingJobsOutlivesAChangeOfTheLimit() throws InterruptedException {
    higher.note(7);

    assertThat(lower.current().waiting()).isEqualTo(7);
  }

  @Test
  void anotherPeriodBeginsWhenEveryCallIsFree() throws InterruptedException {
    LimiterState state = higher.current();
    higher.take(state, 20, 0, 100, "token", Place.IN_LINE);
    Duration minute = Duration.ofMinutes(1);

    LimiterState changed = process(20, minute).current();

    assertThat(changed.schedule().period()).isEqualTo(minute);
    assertThat(changed.schedule().next()).isEqualTo(FakeTime.START.plus(PERIOD));
  }

  @Test
  void aProcessThatSawALostStateBeginsAfterEveryGrantThatMayHaveBeenGiven()
      throws InterruptedException {
    higher.current();
    store.stored.wipe();
    time.advance(Duration.ofSeconds(10));

    GrantSchedule next = higher.current().schedule();

    // A wait of 2 s, a latency of a second, a second between two clocks.
    assertThat(next.next()).isEqualTo(time.instant().plusSeconds(4).plus(PERIOD));
    assertThat(next.freeFrom()).isEqualTo(next.next());
  }

  @Test
  void aProcessThatSawNoStateBeginsAtOnce() throws InterruptedException {
    higher.current();
    store.stored.wipe();

    assertThat(process(20).current().schedule().next()).isEqualTo(time.instant());
  }

  private static void take(SharedSchedule process) throws InterruptedException {
    assertThat(process.take(process.current(), 1, 0, 100, "token", Place.IN_LINE))
        .isInstanceOf(Applied.class);
  }

  private SharedSchedule process(int calls) {
    return process(calls, PERIOD);
  }

  private SharedSchedule process(int calls, Duration period) {
    return new SharedSchedule(
        store, calls, period, time, () -> String.valueOf(ids.incrementAndGet()));
  }
}
