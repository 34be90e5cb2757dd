package dev.signrelay.limit;

import static dev.signrelay.limit.SharedSchedule.LOWER_LIMIT_HOLDS;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.limit.RateLimiter.LineWait;
import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import dev.signrelay.testing.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a process remembers, and what happens if requests fail or are repeated. */
final class SharedScheduleTest {

  private static final int CALLS = 3;
  private static final Duration MILLI = Duration.ofMillis(1);

  private final FakeTime time = new FakeTime();
  private final RecordingStore store = new RecordingStore(time);
  private final AtomicInteger ids = new AtomicInteger();
  private final SharedSchedule shared = process(store);
  private final SharedSchedule lower = process(10);
  private final SharedSchedule higher = process(20);

  @Test
  void theStateIsReadAndCreatedIfThereIsNone() throws InterruptedException {
    RateLimitState created = shared.current();

    assertThat(created.schedule())
        .isEqualTo(GrantSchedule.idle("1", PERIOD, CALLS, FakeTime.START));
    assertThat(store.requests()).containsExactly("read", "replace");
    assertThat(process(store).current()).isEqualTo(created);
    assertThat(store.requests()).containsExactly("read");
  }

  @Test
  void theStateIsRememberedForTenSeconds() throws InterruptedException {
    shared.current();
    store.requests();

    time.advance(Duration.ofMillis(9_999));
    shared.current();
    assertThat(store.requests()).isEmpty();

    time.advance(Duration.ofMillis(1));
    shared.current();
    assertThat(store.requests()).containsExactly("read");
  }

  @Test
  void theAnswerOfAWriteIsRememberedToo() throws InterruptedException {
    RateLimitState first = shared.current();
    time.advance(Duration.ofSeconds(9));
    take(shared, first, "token");
    store.requests();

    time.advance(Duration.ofSeconds(9));

    assertThat(shared.current().schedule().granted()).isEqualTo(1);
    assertThat(store.requests()).isEmpty();
  }

  /** The answers to requests of several threads. */
  @Test
  void ofTwoStatesWhoseAnswersArriveInTheWrongOrderTheNewerIsKept() throws InterruptedException {
    RateLimitState first = shared.current();
    var overtaken =
        new ForwardingStore(store) {
          @Override
          public WriteResult take(Take request) {
            WriteResult answer = super.take(request);
            if (request.token().equals("first")) {
              SharedScheduleTest.take(process, first, "second");
            }
            return answer;
          }

          private SharedSchedule process;
        };
    SharedSchedule process = process(overtaken);
    overtaken.process = process;
    process.current();

    take(process, first, "first");

    assertThat(process.current()).isEqualTo(store.state());
    assertThat(process.current().schedule().granted()).isEqualTo(2);
  }

  @Test
  void theStateIsReadAgainIfTheClockWasSetBack() throws InterruptedException {
    shared.current();
    store.requests();

    time.advance(Duration.ofMillis(-1));
    shared.current();

    assertThat(store.requests()).containsExactly("read");
  }

  @Test
  void theStateIsReadAgainAfterAConflictThatShowsNone() throws InterruptedException {
    RateLimitState first = shared.current();
    store.stored.wipe();
    assertThat(take(shared, first, "token")).isEqualTo(new Conflict(null));
    store.requests();

    shared.current();

    assertThat(store.requests()).containsExactly("read", "replace");
  }

  @Test
  void aFailedRequestIsNotRemembered() throws InterruptedException {
    var broken = new BrokenStore();
    SharedSchedule process = process(broken);

    assertThatThrownBy(process::current).hasMessage("no answer");
    assertThatThrownBy(() -> process.note(1)).hasMessage("no answer");
    assertThat(process.answerTime()).isEqualTo(FakeTime.START);
    assertThat(process.lineWait()).isEqualTo(new LineWait(Duration.ZERO, false));
  }

  /** A function can be frozen during a request, and a clock can be set. */
  @ParameterizedTest
  @ValueSource(longs = {10_000, 600_000, -1})
  void anAnswerThatSeemsToHaveTakenLongerThanItIsValidIsNotUsed(long millis)
      throws InterruptedException {
    store.latency = Duration.ofMillis(millis);

    assertThatThrownBy(shared::current).isInstanceOf(ClockCheck.WrongClockException.class);

    store.latency = Duration.ZERO;
    assertThat(shared.current()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "300, 300", "1000, 1000", "1001, 1000", "9999, 1000"})
  void theNextRequestIsExpectedToTakeAsLongAsTheLastButAtMostASecond(int last, int next)
      throws InterruptedException {
    store.latency = Duration.ofMillis(last);

    shared.current();

    assertThat(shared.answerTime()).isEqualTo(time.instant().plusMillis(next));
  }

  @Test
  void aRepeatedTakeIsAppliedOnce() throws InterruptedException {
    RateLimitState first = shared.current();
    store.beforeRepetition = () -> {};

    WriteResult result = take(shared, first, "token");

    assertThat(result).isEqualTo(new Applied(store.state()));
    assertThat(store.state().schedule().granted()).isEqualTo(1);
  }

  /** The grants that it took are lost, because their numbers are unknown. */
  @Test
  void aRepeatedTakeIsAppliedAgainIfOthersTookGrantsBetween() throws InterruptedException {
    RateLimitState first = shared.current();
    store.beforeRepetition = () -> take(process(store), first, "other");

    WriteResult result = take(shared, first, "token");

    assertThat(result).isEqualTo(new Applied(store.state()));
    assertThat(store.state().schedule().granted()).isEqualTo(3);
  }

  /** Otherwise it would be given the grants of the process that rebuilt the schedule. */
  @Test
  void aRepeatedTakeIsRefusedIfTheScheduleWasReplacedBetween() throws InterruptedException {
    RateLimitState first = shared.current();
    store.beforeRepetition =
        () -> {
          RateLimitState taken = store.state();
          GrantSchedule rebuilt = taken.schedule().rebuilt("rebuilt", time.instant());
          process(store).replace(taken, rebuilt.withGranted(rebuilt.granted() + 1), 0);
        };

    WriteResult result = take(shared, first, "token");

    assertThat(result).isEqualTo(new Conflict(store.state()));
  }

  @Test
  void aRepeatedReplacementIsAppliedOnce() throws InterruptedException {
    RateLimitState first = shared.current();
    GrantSchedule next = first.schedule().rebuilt("next", time.instant()).withGranted(1);
    store.beforeRepetition = () -> {};

    assertThat(shared.replace(first, next, 0)).isEqualTo(new Applied(store.state()));
    assertThat(store.state().schedule()).isEqualTo(next);
  }

  @Test
  void aRepeatedReplacementIsRefusedIfOthersTookGrantsBetween() throws InterruptedException {
    RateLimitState first = shared.current();
    GrantSchedule next = first.schedule().rebuilt("next", time.instant()).withGranted(1);
    store.beforeRepetition = () -> take(process(store), store.state(), "other");

    assertThat(shared.replace(first, next, 0)).isEqualTo(new Conflict(store.state()));
  }

  @Test
  void aNoteCreatesTheStateIfThereIsNone() throws InterruptedException {
    assertThat(shared.note(7).waiting()).isEqualTo(7);
    store.stored.wipe();

    assertThat(shared.note(8).waiting()).isEqualTo(8);
    assertThat(store.state().waiting()).isEqualTo(8);
  }

  /** Runs begin every minute. After three without one, it is not known that any will come. */
  @ParameterizedTest
  @CsvSource({"0, true", "179999, true", "180000, false"})
  void theWaitInLineIsKnownForThreeMinutesAfterANote(int millis, boolean isKnown)
      throws InterruptedException {
    shared.note(2 * CALLS);
    time.advance(Duration.ofMillis(millis));
    shared.join();

    assertThat(shared.lineWait().isKnown()).isEqualTo(isKnown);

    shared.note(2 * CALLS);
    assertThat(shared.lineWait().isKnown()).isTrue();
  }

  @Test
  void anEmptyLineIsNotedUnlessAnotherRunHasNotedItSince() throws InterruptedException {
    Instant counted = shared.note(7).notedAt();
    time.advance(Duration.ofSeconds(1));

    Instant empty = shared.noteEmpty(counted);

    assertThat(empty).isAfter(counted).isEqualTo(store.state().notedAt());
    assertThat(store.state().waiting()).isZero();
    shared.join();
    time.advance(Duration.ofSeconds(1));
    process(store).note(40);
    time.advance(Duration.ofSeconds(1));
    assertThat(shared.noteEmpty(empty)).isEqualTo(empty).isBefore(shared.lastNote());
    assertThat(store.state().waiting()).isEqualTo(40);
  }

  @Test
  void anEmptyLineThatIsNotedCostsNoRequest() throws InterruptedException {
    Instant counted = shared.note(0).notedAt();
    long before = store.stored.requests();

    assertThat(shared.noteEmpty(counted)).isEqualTo(counted);

    assertThat(store.stored.requests()).isEqualTo(before);
  }

  @Test
  void theFirstJobInLineIsNoNoteOfItsLength() throws InterruptedException {
    RateLimitState last = shared.note(0);
    time.advance(Duration.ofMinutes(1));

    shared.join();

    assertThat(store.state().waiting()).isEqualTo(1);
    assertThat(store.state().notedAt()).isEqualTo(last.notedAt());
  }

  @Test
  void theFirstJobThatJoinsTheLineIsNotedAndNoOther() throws InterruptedException {
    shared.join();
    assertThat(store.state().waiting()).isEqualTo(1);

    process(store).join();
    assertThat(store.state().waiting()).as("noted by another process").isEqualTo(1);
    store.requests();
    shared.join();
    assertThat(store.requests()).isEmpty();
  }

  @Test
  void aJobThatJoinsTheLineDoesNotReplaceALargerNumber() throws InterruptedException {
    var _ = shared.current();
    process(store).note(5_000);

    shared.join();

    assertThat(store.state().waiting()).isEqualTo(5_000);
  }

  @Test
  void aRebuiltScheduleIsCountedOffTheLine() throws InterruptedException {
    RateLimitState last = shared.note(7);

    shared.replace(last, last.schedule().rebuilt("next", time.instant()).withGranted(3), 3);

    assertThat(store.state().waiting()).isEqualTo(4);
  }

  @Test
  void anInterruptedThreadGivesUp() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(shared::current).isInstanceOf(InterruptedException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> shared.note(1)).isInstanceOf(InterruptedException.class);
  }

  private SharedSchedule process(ScheduleStore scheduleStore) {
    return new SharedSchedule(
        scheduleStore, CALLS, PERIOD, time, () -> String.valueOf(ids.incrementAndGet()));
  }

  private static WriteResult take(SharedSchedule process, RateLimitState last, String token) {
    return process.take(last, 1, 0, 100, token, Place.IN_LINE);
  }

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

  private interface Request {
    void send() throws InterruptedException;
  }

  @Test
  void everyRequestOfTheLowerLimitPutsTheHigherOff() throws InterruptedException {
    lower.current();
    for (Request request :
        List.<Request>of(() -> take(lower), this::rebuild, () -> lower.note(7))) {
      time.advance(LOWER_LIMIT_HOLDS);
      request.send();
      assertThat(store.state().askedAt()).isEqualTo(time.instant());
    }

    time.advance(LOWER_LIMIT_HOLDS);
    assertThat(higher.current().schedule().calls()).isEqualTo(10);
  }

  private void rebuild() throws InterruptedException {
    RateLimitState last = lower.current();
    lower.replace(last, last.schedule().rebuilt("rebuilt", time.instant()), 0);
  }

  @Test
  void requestsOfTheHigherLimitDoNotPutItOff() throws InterruptedException {
    lower.current();
    Instant asked = time.instant();
    time.advance(LOWER_LIMIT_HOLDS);

    take(higher);
    higher.note(7);
    RateLimitState last = higher.current();
    higher.replace(last, last.schedule().rebuilt("rebuilt", time.instant()), 0);

    assertThat(store.state().askedAt()).isEqualTo(asked);
  }

  /** Otherwise the higher limit would begin while processes with the lower one still ask. */
  @Test
  void aLowerLimitHoldsWhileItsRequestsAreRefused() throws InterruptedException {
    RateLimitState last = lower.current();
    time.advance(Duration.ofMinutes(1));
    lower.noteRefusal(last);
    assertThat(store.state().askedAt()).as("noted once a minute").isEqualTo(last.askedAt());

    time.advance(MILLI);
    lower.noteRefusal(last);
    assertThat(store.state().askedAt()).isEqualTo(time.instant());
  }

  @Test
  void aRefusalOfTheHigherLimitIsNotNoted() throws InterruptedException {
    RateLimitState last = lower.current();
    time.advance(LOWER_LIMIT_HOLDS);

    higher.noteRefusal(last);

    assertThat(store.state()).isEqualTo(last);
  }

  @Test
  void aHigherLimitWaitsUntilEveryRemovedCallIsFree() throws InterruptedException {
    Instant free = time.instant().plus(LOWER_LIMIT_HOLDS.multipliedBy(2));
    GrantSchedule idle = GrantSchedule.idle("v", PERIOD, 10, free);
    store.replace(null, new RateLimitState(idle, time.instant(), 0, time.instant(), ""));

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
    RateLimitState state = higher.current();
    higher.take(state, 20, 0, 100, "token", Place.IN_LINE);
    Duration minute = Duration.ofMinutes(1);

    RateLimitState changed = process(20, minute).current();

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
