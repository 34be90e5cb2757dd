package dev.signrelay.limit;

import dev.signrelay.limit.RateLimiter.LineWait;
import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared schedule as one process sees it. What was seen can be out of date, which leads to a
 * conflict, whose answer holds the present state, and never to a grant that begins too early. After
 * {@link #MEMORY} it is read again, which also checks the clock.
 *
 * <p><b>Two limits.</b> During a deployment, processes with an old and a new limit run side by
 * side. The lower limit holds until no process with it has asked for {@link #LOWER_LIMIT_HOLDS}.
 *
 * <p><b>A lost state.</b> If the store has none although this process has seen one, grants that
 * other processes took are unknown. The new schedule begins when all of them have passed.
 */
final class SharedSchedule {

  static final Duration LOWER_LIMIT_HOLDS = Duration.ofMinutes(5);

  /** The minimum interval between two notes of a refusal. */
  private static final Duration ASKED_AGAIN = Duration.ofMinutes(1);

  private static final Duration MEMORY = Duration.ofSeconds(10);

  /**
   * The longest latency that is expected of the next request. Lambda freezes a function whose
   * request has timed out, and then the answer can seem to have taken minutes. Without this bound
   * this process would move the schedule minutes ahead, for all processes.
   */
  static final Duration MAX_LATENCY = Duration.ofSeconds(1);

  /** The longest wait for which a process takes a grant. */
  static final Duration MAX_WAIT = Duration.ofSeconds(2);

  /** The farthest ahead of this process's clock that any process takes a grant. */
  static final Duration FARTHEST_GRANT = MAX_WAIT.plus(MAX_LATENCY).plus(ClockCheck.MAX_SKEW);

  /**
   * @param at when it was seen
   * @param latency of the request that returned it; zero to {@link #MAX_LATENCY}
   */
  record Seen(RateLimitState state, Instant at, Duration latency) {}

  /**
   * The end of the line, with the jobs that this process has sent into it since it was noted.
   *
   * @param version of the schedule
   * @param next the number of the grant that the next job in line can expect
   */
  private record LineEnd(String version, Instant notedAt, long next) {

    boolean isOf(RateLimitState state) {
      return version.equals(state.schedule().version()) && notedAt.equals(state.notedAt());
    }
  }

  private final ScheduleStore store;
  private final int calls;
  private final Duration period;
  private final TimeSource time;
  private final Supplier<String> ids;
  private final AtomicReference<@Nullable LineEnd> lineEnd = new AtomicReference<>();

  /**
   * What was seen last; null: nothing, or it is forgotten. Not private: the limiter's model sets
   * it.
   */
  volatile @Nullable Seen seen;

  /** Whether the store ever returned a state. Not private: the limiter's model sets it. */
  volatile boolean existed;

  SharedSchedule(
      ScheduleStore store, int calls, Duration period, TimeSource time, Supplier<String> ids) {
    this.store = store;
    this.calls = calls;
    this.period = period;
    this.time = time;
    this.ids = ids;
  }

  /**
   * The state as it was last seen, with this process's limit or a lower one. Creates, reads or
   * changes it if need be.
   */
  RateLimitState current() throws InterruptedException {
    while (!Thread.interrupted()) {
      RateLimitState state = remembered();
      if (state == null) {
        state = send(store::read, read -> read);
      }
      // A replacement, or the state that prevented it, is remembered and read in the next round.
      if (state == null) {
        var _ = replace(null, new RateLimitState(first(), now(), 0, now(), ""));
      } else if (mustChange(state)) {
        var _ = replace(state, state.withSchedule(changed(state.schedule())).askedAt(now()));
      } else {
        return state;
      }
    }
    throw new InterruptedException();
  }

  private @Nullable RateLimitState remembered() {
    Seen last = seen;
    if (last == null) {
      return null;
    }
    Duration age = Duration.between(last.at(), time.instant());
    // A negative age: the clock was set back.
    return age.isNegative() || age.compareTo(MEMORY) >= 0 ? null : last.state();
  }

  private GrantSchedule first() {
    Instant now = now();
    return GrantSchedule.idle(
        ids.get(), period, calls, existed ? now.plus(FARTHEST_GRANT).plus(period) : now);
  }

  private boolean mustChange(RateLimitState state) {
    GrantSchedule schedule = state.schedule();
    Instant now = now();
    boolean lowerIsOver =
        state.askedAt().plus(LOWER_LIMIT_HOLDS).isBefore(now) && !schedule.freeFrom().isAfter(now);
    return !schedule.period().equals(period)
        || schedule.calls() > calls
        || schedule.calls() < calls && lowerIsOver;
  }

  private GrantSchedule changed(GrantSchedule schedule) {
    return schedule.period().equals(period)
        ? schedule.resized(ids.get(), calls, now())
        : schedule.withPeriod(ids.get(), period, calls, now());
  }

  /** When the answer to a request that is sent now can be expected. */
  Instant answerTime() {
    Seen last = seen;
    return last == null ? time.instant() : time.instant().plus(last.latency());
  }

  /** Nothing is known if no state was seen. */
  LineWait lineWait() {
    Seen last = seen;
    if (last == null) {
      return new LineWait(Duration.ZERO, false);
    }
    RateLimitState state = last.state();
    Duration wait = time.until(state.schedule().time(nextInLine(state, lineEnd.get())));
    return new LineWait(wait.isNegative() ? Duration.ZERO : wait, state.isNoted(time.instant()));
  }

  private static long nextInLine(RateLimitState state, @Nullable LineEnd end) {
    long granted = state.schedule().granted();
    return end != null && end.isOf(state)
        ? Math.max(end.next(), granted)
        : granted + state.waiting();
  }

  /** Counts a job that has joined the line, and notes it if it is the first. */
  void join() throws InterruptedException {
    RateLimitState last = current();
    boolean isFirst = last.waiting() == 0 && note(last, 1) instanceof Applied;
    RateLimitState state = isFirst ? last : current();
    lineEnd.updateAndGet(
        end ->
            new LineEnd(state.schedule().version(), state.notedAt(), nextInLine(state, end) + 1));
  }

  Instant lastNote() {
    Seen last = seen;
    return last == null ? Instant.MIN : last.state().notedAt();
  }

  /** See {@link ScheduleStore#take}. A repetition of a request that was applied is applied. */
  WriteResult take(
      RateLimitState last, int count, long least, long most, String token, Place place) {
    var request = new Take(last, count, least, most, token, place, asked(last));
    return appliedIf(state -> state.token().equals(token), write(() -> store.take(request)));
  }

  /** See {@link ScheduleStore#replace}. A repetition of a request that was applied is applied. */
  WriteResult replace(@Nullable RateLimitState last, RateLimitState next) {
    return appliedIf(
        state -> state.schedule().equals(next.schedule()), write(() -> store.replace(last, next)));
  }

  private static WriteResult appliedIf(Predicate<RateLimitState> isOwn, WriteResult result) {
    RateLimitState current = result.current();
    return current != null && isOwn.test(current) ? new Applied(current) : result;
  }

  /**
   * Replaces the schedule of a state to take grants.
   *
   * @param fromLine how many of them are for jobs that leave the line
   */
  WriteResult replace(RateLimitState last, GrantSchedule schedule, int fromLine) {
    long waiting = Math.max(0, last.waiting() - fromLine);
    return replace(last, new RateLimitState(schedule, askedAt(last), waiting, last.notedAt(), ""));
  }

  RateLimitState note(long waiting) throws InterruptedException {
    while (!Thread.interrupted()) {
      Instant asked = asked(current());
      if (write(() -> store.note(waiting, Long.MAX_VALUE, now(), asked))
          instanceof Applied(RateLimitState state)) {
        return state;
      }
    }
    throw new InterruptedException();
  }

  Instant noteEmpty(Instant noted) throws InterruptedException {
    while (!Thread.interrupted()) {
      RateLimitState state = current();
      if (state.waiting() == 0 || !state.notedAt().equals(noted)) {
        return noted;
      }
      Instant now = now();
      var empty = new RateLimitState(state.schedule(), askedAt(state), 0, now, state.token());
      RateLimitState stored = write(() -> store.replace(state, empty)).current();
      if (stored != null && stored.notedAt().equals(now)) {
        return now;
      }
    }
    throw new InterruptedException();
  }

  /**
   * Notes, if need be, that this process was refused: its limit may be the lower one, which has to
   * hold as long as it asks.
   */
  void noteRefusal(RateLimitState last) {
    if (last.schedule().calls() == calls && last.askedAt().plus(ASKED_AGAIN).isBefore(now())) {
      var _ = note(last, last.waiting());
    }
  }

  /** Changes the number of jobs in line, unless there are more than were seen. */
  private WriteResult note(RateLimitState last, long waiting) {
    return write(() -> store.note(waiting, last.waiting(), null, asked(last)));
  }

  /** The new {@code askedAt}; null: unchanged, because this process has a higher limit. */
  private @Nullable Instant asked(RateLimitState state) {
    return state.schedule().calls() == calls ? now() : null;
  }

  private Instant askedAt(RateLimitState state) {
    Instant asked = asked(state);
    return asked == null ? state.askedAt() : asked;
  }

  private WriteResult write(Supplier<WriteResult> request) {
    return send(request, WriteResult::current);
  }

  /** After a failure the state is read, and the clock checked, before anything else. */
  private <T extends @Nullable Object> T send(
      Supplier<T> request, Function<T, @Nullable RateLimitState> state) {
    Instant sent = time.instant();
    try {
      T answer = request.get();
      remember(state.apply(answer), sent);
      return answer;
    } catch (RuntimeException e) {
      seen = null;
      throw e;
    }
  }

  private void remember(@Nullable RateLimitState state, Instant sent) {
    Instant received = time.instant();
    existed |= state != null;
    Duration latency = Duration.between(sent, received);
    if (latency.isNegative() || latency.compareTo(MEMORY) >= 0) {
      // The process was frozen, or its clock was set, during the request.
      throw new ClockCheck.WrongClockException();
    }
    Seen last = seen;
    if (last == null || state == null || !isOlder(state, last.state())) {
      seen =
          state == null
              ? null
              : new Seen(state, received, TimeSource.shorter(latency, MAX_LATENCY));
    }
  }

  /** The answers to requests of several threads can arrive in another order. */
  private static boolean isOlder(RateLimitState state, RateLimitState than) {
    return state.schedule().version().equals(than.schedule().version())
        && state.schedule().granted() < than.schedule().granted();
  }

  private Instant now() {
    return time.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
