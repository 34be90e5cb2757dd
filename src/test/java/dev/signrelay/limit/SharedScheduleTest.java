package dev.signrelay.limit;

import static dev.signrelay.limit.SharedSchedule.LOWER_LIMIT_HOLDS;
import static dev.signrelay.limit.SlidingWindowLimiter.PERIOD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signrelay.limit.GrantSchedule.Offer;
import dev.signrelay.limit.ScheduleStore.Place;
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

  private static final Duration MILLI = Duration.ofMillis(1);

  private final FakeTime time = new FakeTime();
  private final SlowStore store = new SlowStore(time);
  private final AtomicInteger ids = new AtomicInteger();
  private final SharedSchedule lower = process(10);
  private final SharedSchedule higher = process(20);

  @Test
  void theStateIsReadAndCreatedIfThereIsNone() throws InterruptedException {
    assertThat(lower.current().schedule())
        .isEqualTo(GrantSchedule.idle("1", PERIOD, 10, FakeTime.START));

    assertThat(process(10).current()).isEqualTo(store.state());
  }

  /** It is read again if it is old, and if the clock was set back. */
  @ParameterizedTest
  @CsvSource({"0, 0", "9999, 0", "10000, 1", "-1, 1"})
  void aStateThatWasReadIsRememberedForTenSeconds(int millisAfter, int requests)
      throws InterruptedException {
    lower.current();

    time.advance(Duration.ofMillis(millisAfter));

    assertThat(requestsOf(lower)).isEqualTo(requests);
  }

  @Test
  void theAnswerOfAWriteIsRememberedToo() throws InterruptedException {
    RateLimitState first = lower.current();
    time.advance(Duration.ofSeconds(9));
    take(lower, first, "token");

    time.advance(Duration.ofSeconds(9));

    assertThat(requestsOf(lower)).isZero();
    assertThat(lower.current().schedule().granted()).isEqualTo(1);
  }

  /** The answers to requests of several threads. */
  @Test
  void ofTwoStatesWhoseAnswersArriveInTheWrongOrderTheNewerIsKept() throws InterruptedException {
    RateLimitState first = lower.current();
    store.overtakeNext(() -> take(lower, first, "second"));

    take(lower, first, "first");

    assertThat(lower.current()).isEqualTo(store.state());
    assertThat(lower.current().schedule().granted()).isEqualTo(2);
  }

  @Test
  void theStateIsReadAgainAfterAConflictThatShowsNone() throws InterruptedException {
    RateLimitState first = lower.current();
    store.stored.wipe();
    assertThat(take(lower, first, "token")).isEqualTo(new Conflict(null));

    assertThat(requestsOf(lower)).as("read and created").isEqualTo(2);
  }

  @Test
  void aFailedRequestIsNotRemembered() {
    SharedSchedule process = process(ForwardingStore.broken(), 10, PERIOD);

    assertThatThrownBy(process::current).hasMessage("no answer");
    assertThatThrownBy(() -> process.note(1)).hasMessage("no answer");
    assertThat(process.answerTime()).isEqualTo(FakeTime.START);
  }

  /** A function can be frozen during a request, and a clock can be set. */
  @ParameterizedTest
  @ValueSource(longs = {10_000, 600_000, -1})
  void anAnswerThatSeemsToHaveTakenLongerThanItIsValidIsNotUsed(long millis)
      throws InterruptedException {
    store.latency = Duration.ofMillis(millis);

    assertThatThrownBy(lower::current).isInstanceOf(ClockCheck.WrongClockException.class);

    store.latency = Duration.ZERO;
    assertThat(lower.current()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "300, 300", "1000, 1000", "1001, 1000", "9999, 1000"})
  void theNextRequestIsExpectedToTakeAsLongAsTheLastButAtMostASecond(int last, int next)
      throws InterruptedException {
    store.latency = Duration.ofMillis(last);

    lower.current();

    assertThat(lower.answerTime()).isEqualTo(time.instant().plusMillis(next));
  }

  /** Grants whose numbers are unknown are lost. */
  @Test
  void aRepeatedTakeIsAppliedOnceUnlessOthersTookGrantsBetween() throws InterruptedException {
    RateLimitState first = lower.current();

    store.repeatNext(() -> {});
    assertThat(take(lower, first, "once")).isEqualTo(new Applied(store.state()));
    assertThat(store.state().schedule().granted()).isEqualTo(1);

    store.repeatNext(() -> take(process(10), first, "other"));
    assertThat(take(lower, first, "twice")).isEqualTo(new Applied(store.state()));
    assertThat(store.state().schedule().granted()).isEqualTo(4);
  }

  @Test
  void aRepeatedReplacementIsAppliedOnceUnlessOthersTookGrantsBetween()
      throws InterruptedException {
    RateLimitState first = lower.current();

    store.repeatNext(() -> {});
    assertThat(rebuild(lower, first)).isEqualTo(new Applied(store.state()));

    store.repeatNext(() -> take(process(10), store.state(), "other"));
    assertThat(rebuild(lower, store.state())).isEqualTo(new Conflict(store.state()));
  }

  @Test
  void aNoteCreatesTheStateIfThereIsNone() throws InterruptedException {
    assertThat(lower.note(7).waiting()).isEqualTo(7);
    store.stored.wipe();

    assertThat(lower.note(8).waiting()).isEqualTo(8);
    assertThat(store.state().waiting()).isEqualTo(8);
  }

  @Test
  void anEmptyLineIsNotedUnlessAnotherRunHasNotedItSince() throws InterruptedException {
    Instant counted = lower.note(7).notedAt();
    time.advance(Duration.ofSeconds(1));

    Instant empty = lower.noteEmpty(counted);

    assertThat(empty).isAfter(counted).isEqualTo(store.state().notedAt());
    assertThat(store.state().waiting()).isZero();
    long requests = store.stored.requests();
    assertThat(lower.noteEmpty(empty)).isEqualTo(empty);
    assertThat(store.stored.requests()).as("it is noted").isEqualTo(requests);
    lower.noteJoined(1);
    time.advance(Duration.ofSeconds(1));
    process(10).note(40);
    time.advance(Duration.ofSeconds(1));
    assertThat(lower.noteEmpty(empty)).isEqualTo(empty).isBefore(lower.current().notedAt());
    assertThat(store.state().waiting()).isEqualTo(40);
  }

  @Test
  void jobsThatJoinTheLineAreAddedToThePresentNumber() throws InterruptedException {
    Instant noted = lower.note(0).notedAt();
    time.advance(Duration.ofSeconds(20));

    lower.noteJoined(1);
    process(10).noteJoined(9);
    lower.noteJoined(1);

    assertThat(store.state().waiting()).isEqualTo(11);
    assertThat(store.state().notedAt()).as("no run has seen the line").isEqualTo(noted);
    process(10).note(0);
    lower.noteJoined(2);
    assertThat(store.state().waiting()).as("they joined a line that is over").isZero();
    lower.noteJoined(2);
    assertThat(store.state().waiting()).isEqualTo(2);
  }

  /** In the mean. One item allows a thousand writes a second, which runs need as well. */
  @Test
  void ofALongLineAFewNotesCountAllJobs() throws InterruptedException {
    List<SharedSchedule> processes = List.of(process(10), process(10), process(10));

    for (int i = 0; i < 20_000; i++) {
      processes.get(i % 3).noteJoined(1);
    }

    assertThat(store.state().waiting()).isBetween(15_000L, 25_000L);
    assertThat(store.stored.requests()).isLessThan(1_000);
  }

  @Test
  void aRebuiltScheduleIsCountedOffTheLine() throws InterruptedException {
    RateLimitState last = lower.note(7);

    GrantSchedule rebuilt = last.schedule().rebuilt("next", time.instant());
    lower.take(last, new Offer(rebuilt, 3, 9), Place.IN_LINE, "next");

    assertThat(store.state().waiting()).isEqualTo(4);
  }

  @Test
  void anInterruptedThreadGivesUp() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(lower::current).isInstanceOf(InterruptedException.class);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> lower.note(1)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void aLowerLimitHoldsAtOnceForEverybody() throws InterruptedException {
    higher.note(7);
    assertThat(store.state().schedule().calls()).isEqualTo(20);

    assertThat(lower.current().schedule().calls()).isEqualTo(10);

    time.advance(Duration.ofSeconds(10));
    assertThat(higher.current().schedule().calls()).isEqualTo(10);
    assertThat(store.state().waiting()).as("the jobs in line").isEqualTo(7);
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
    void send(RateLimitState last) throws InterruptedException;
  }

  private List<Request> requestsOfAny(SharedSchedule process) {
    return List.of(
        last -> take(process, last, String.valueOf(ids.incrementAndGet())),
        last -> rebuild(process, last),
        _ -> process.note(7));
  }

  @Test
  void everyRequestOfTheLowerLimitPutsTheHigherOff() throws InterruptedException {
    lower.current();
    for (Request request : requestsOfAny(lower)) {
      time.advance(LOWER_LIMIT_HOLDS);
      request.send(lower.current());
      assertThat(store.state().askedAt()).isEqualTo(time.instant());
    }

    time.advance(LOWER_LIMIT_HOLDS);
    assertThat(higher.current().schedule().calls()).isEqualTo(10);
  }

  @Test
  void requestsOfTheHigherLimitDoNotPutItOff() throws InterruptedException {
    lower.current();
    Instant asked = time.instant();
    time.advance(LOWER_LIMIT_HOLDS);

    for (Request request : requestsOfAny(higher)) {
      request.send(higher.current());
    }
    higher.noteRefusal(higher.current());

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
  void anotherPeriodBeginsWhenEveryCallIsFree() throws InterruptedException {
    RateLimitState state = higher.current();
    higher.take(state, new Offer(state.schedule(), 20, 100), Place.IN_LINE, "token");
    Duration minute = Duration.ofMinutes(1);

    GrantSchedule changed = process(store, 20, minute).current().schedule();

    assertThat(changed.period()).isEqualTo(minute);
    assertThat(changed.next()).isEqualTo(FakeTime.START.plus(PERIOD));
  }

  /** How many requests it costs to know the state. */
  private long requestsOf(SharedSchedule process) throws InterruptedException {
    long before = store.stored.requests();
    process.current();
    return store.stored.requests() - before;
  }

  private static WriteResult take(SharedSchedule process, RateLimitState last, String token) {
    return process.take(last, new Offer(last.schedule(), 1, 100), Place.IN_LINE, token);
  }

  /** Replaces the schedule to take a grant. */
  private WriteResult rebuild(SharedSchedule process, RateLimitState last) {
    String version = String.valueOf(ids.incrementAndGet());
    GrantSchedule rebuilt = last.schedule().rebuilt(version, time.instant());
    return process.take(last, new Offer(rebuilt, 1, 100), Place.BEHIND_LINE, version);
  }

  private SharedSchedule process(int calls) {
    return process(store, calls, PERIOD);
  }

  private SharedSchedule process(ScheduleStore any, int calls, Duration period) {
    return new SharedSchedule(
        any, calls, period, time, () -> String.valueOf(ids.incrementAndGet()));
  }
}
