package dev.signrelay.limit;

import dev.signrelay.limit.GrantSchedule.Offer;
import dev.signrelay.limit.ScheduleStore.Place;
import dev.signrelay.limit.ScheduleStore.Take;
import dev.signrelay.limit.ScheduleStore.WriteResult;
import dev.signrelay.limit.ScheduleStore.WriteResult.Applied;
import dev.signrelay.limit.ScheduleStore.WriteResult.Conflict;
import dev.signrelay.time.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The shared schedule as this process last saw it. A write that the present state does not allow
 * conflicts, and the answer contains that state. So an outdated state never makes a grant begin too
 * early. After {@link #MEMORY} the state is read again, which also checks the clock.
 *
 * <p><b>Two limits.</b> During a deployment, processes with an old and a new limit run side by
 * side. The lower limit holds until no process with that limit has asked for a grant for {@link
 * #LOWER_LIMIT_HOLDS} and every call is free.
 *
 * <p><b>A lost state.</b> If the store has no state although this process has seen one, grants that
 * other processes took are unknown. The new schedule begins when their calls are free again.
 */
final class SharedSchedule {

  static final Duration LOWER_LIMIT_HOLDS = Duration.ofMinutes(5);

  /** The minimum interval between two notes of a refusal. */
  private static final Duration ASKED_AGAIN = Duration.ofMinutes(1);

  private static final Duration MEMORY = Duration.ofSeconds(10);

  /** Up to this length of the line, each job that joins it is noted. */
  private static final long COUNTED_EXACTLY = 100;

  /**
   * The longest latency that is expected of the next request. Lambda can freeze a process during a
   * request, so that the answer seems to have taken seconds. Without this bound, the process would
   * let the schedule begin that much later for all processes.
   */
  static final Duration MAX_LATENCY = Duration.ofSeconds(1);

  /** The longest wait for which a process takes a grant. */
  static final Duration MAX_WAIT = Duration.ofSeconds(2);

  /** The longest time from now, by this process's clock, to a grant that any process has taken. */
  static final Duration FARTHEST_GRANT = MAX_WAIT.plus(MAX_LATENCY).plus(ClockCheck.MAX_SKEW);

  /**
   * @param at when the answer with it was received
   * @param latency of the request that returned it; zero to {@link #MAX_LATENCY}
   */
  record Seen(RateLimitState state, Instant at, Duration latency) {}

  private final ScheduleStore store;
  private final int calls;
  private final Duration period;
  private final TimeSource time;
  private final Supplier<String> ids;

  /**
   * The state that was seen last; null: none was, or the last request failed. Not private: the
   * limiter reads it, and the limiter's model in the tests sets it.
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
   * The state as it was last seen, with this process's limit or a lower one. Reads, creates or
   * changes it in the store if necessary.
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
        var _ = replace(state, state.withSchedule(changed(state.schedule())).withAskedAt(now()));
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

  /** When the answer to a request that is sent now can be expected; in whole milliseconds. */
  Instant answerTime() {
    Seen last = seen;
    Duration latency = last == null ? Duration.ZERO : last.latency();
    return time.instant().plus(latency).truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Takes grants that the schedule of a state has offered: by an increment, or, if the schedule had
   * to be rebuilt, by replacing it.
   *
   * @param id unique to the request
   */
  WriteResult take(RateLimitState last, Offer offer, Place place, String id) {
    GrantSchedule schedule = offer.schedule();
    if (schedule.equals(last.schedule())) {
      var request = new Take(last, offer.count(), offer.last(), id, place, asked(last));
      return write(() -> store.take(request), state -> state.token().equals(id));
    }
    var next =
        new RateLimitState(
            schedule.withGranted(schedule.granted() + offer.count()),
            last.askedAt(),
            Math.max(0, last.waiting() - (place == Place.IN_LINE ? offer.count() : 0)),
            last.notedAt(),
            "");
    return replace(last, next.withAskedAt(asked(last)));
  }

  private WriteResult replace(@Nullable RateLimitState last, RateLimitState next) {
    return write(
        () -> store.replace(last, next), state -> state.schedule().equals(next.schedule()));
  }

  /** Notes the number of jobs in line, as a drain run has counted it. Returns the noted state. */
  RateLimitState note(long waiting) throws InterruptedException {
    while (true) {
      Instant asked = asked(current());
      if (write(() -> store.note(waiting, Long.MAX_VALUE, now(), asked), _ -> false)
          instanceof Applied(RateLimitState state)) {
        return state;
      }
    }
  }

  /** See {@link RateLimiter#noteEmpty}. */
  Instant noteEmpty(Instant noted) throws InterruptedException {
    while (true) {
      RateLimitState last = current();
      if (last.waiting() == 0 || !last.notedAt().equals(noted)) {
        return noted;
      }
      Instant now = now();
      RateLimitState empty =
          new RateLimitState(last.schedule(), last.askedAt(), 0, now, last.token())
              .withAskedAt(asked(last));
      Predicate<RateLimitState> isOwn = state -> state.notedAt().equals(now);
      if (write(() -> store.replace(last, empty), isOwn) instanceof Applied) {
        return now;
      }
    }
  }

  /**
   * Adds jobs to those in line. If the answer is lost, they may be counted twice: until the next
   * note of a run, the expected waits are then longer by as much. Jobs that joined because this
   * process remembers a line that is empty by now are not noted: if they were, a load below the
   * limit would keep the line for ever.
   *
   * <p>In a long line, a note adds a step, and a job is noted with such a probability that the
   * expected sum is exact (R. Morris, "Counting large numbers of events in small registers", 1978;
   * the standard deviation is 7 %). Otherwise the notes of a large burst would take the writes that
   * one item allows, and runs could take no grants.
   */
  void noteJoined(int jobs) throws InterruptedException {
    RateLimitState last;
    long added;
    do {
      last = current();
      long step = 1 + last.waiting() / COUNTED_EXACTLY;
      // Mixed: modulo 31, the hash of a text is its last character.
      int random = ids.get().hashCode() * 0x9E37_79B9;
      added = (jobs + Math.floorMod(random, step)) / step * step;
    } while (added > 0 && add(last, added) instanceof Conflict && last.waiting() == 0);
  }

  /**
   * Notes that this process asked for a grant, although it was refused, if that has not been noted
   * recently. Its limit may be the lower one, which has to hold as long as the process asks.
   */
  void noteRefusal(RateLimitState last) {
    if (last.schedule().calls() == calls && last.askedAt().plus(ASKED_AGAIN).isBefore(now())) {
      var _ = add(last, 0);
    }
  }

  /** Conflicts if the line was empty and no longer is, or the reverse. */
  private WriteResult add(RateLimitState last, long jobs) {
    Instant asked = asked(last);
    return write(
        () -> last.waiting() == 0 ? store.note(jobs, 0, null, asked) : store.add(jobs, asked),
        _ -> false);
  }

  /** The new {@code askedAt}; null: unchanged, because this process has a higher limit. */
  private @Nullable Instant asked(RateLimitState state) {
    return state.schedule().calls() == calls ? now() : null;
  }

  /**
   * Sends a conditional write.
   *
   * @param isOwn recognizes the state that the write makes. The SDK repeats a write whose answer is
   *     lost; if the first one was applied, the repetition conflicts with it.
   */
  private WriteResult write(Supplier<WriteResult> request, Predicate<RateLimitState> isOwn) {
    WriteResult result = send(request, WriteResult::current);
    RateLimitState current = result.current();
    return current != null && isOwn.test(current) ? new Applied(current) : result;
  }

  /**
   * Sends a request and remembers the state in its answer. After a failure nothing is remembered,
   * so that the next request reads the state and checks the clock.
   */
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

  /** Several threads send requests, whose answers can arrive in another order. */
  private static boolean isOlder(RateLimitState state, RateLimitState than) {
    return state.schedule().version().equals(than.schedule().version())
        && state.schedule().granted() < than.schedule().granted();
  }

  private Instant now() {
    return time.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
