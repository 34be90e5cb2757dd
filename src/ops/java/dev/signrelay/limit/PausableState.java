package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The limiter's state, and the schedule that a pause replaced.
 *
 * <p>A paused schedule is one whose calls are all free at the end of the pause. No process of any
 * release takes a grant that is farther ahead than {@link #FARTHEST_GRANT}, so none is taken until
 * shortly before that end. The functions know nothing of a pause.
 *
 * @param before the schedule that the pause replaced. Null: none did, or a function has replaced
 *     the schedule since, which drops the attribute.
 */
record PausableState(RateLimitState state, @Nullable GrantSchedule before) {

  static final String BEFORE = "beforePause";

  /** Of release 0.2.0. */
  private static final Duration FARTHEST_GRANT = Duration.ofSeconds(112);

  /** The next grant of a schedule that is not paused is never farther ahead. */
  private static final Duration FARTHEST_NEXT =
      FARTHEST_GRANT.plus(SlidingWindowLimiter.PERIOD.multipliedBy(2));

  static PausableState read(Map<String, AttributeValue> item) {
    AttributeValue before = item.get(BEFORE);
    return new PausableState(
        RateLimitState.of(item), before == null ? null : RateLimitState.of(before.m()).schedule());
  }

  Map<String, AttributeValue> write() {
    var item = new HashMap<>(state.item());
    if (before != null) {
      item.put(BEFORE, AttributeValue.fromM(state.withSchedule(before).item()));
    }
    return item;
  }

  /** The end of a pause; empty: there is none. */
  Optional<Instant> pausedUntil(Instant now) {
    Instant begin = before == null ? schedule().next() : schedule().time(0);
    Duration ahead = before == null ? FARTHEST_NEXT : Duration.ZERO;
    return begin.isAfter(now.plus(ahead)) ? Optional.of(begin) : Optional.empty();
  }

  /** The times of the next grants. Those that have passed can be taken now. */
  List<Instant> nextCalls(int count, Instant now) {
    GrantSchedule next =
        schedule().next().isBefore(now)
            ? schedule().rebuilt(schedule().version(), now)
            : schedule();
    return IntStream.range(0, count).mapToObj(i -> next.time(next.granted() + i)).toList();
  }

  /**
   * No call is free until all grants are free again that any process may have taken, from whichever
   * schedule.
   */
  PausableState stopped(String version, Instant now) {
    return new PausableState(
        state.withSchedule(
            GrantSchedule.idle(version, schedule().period(), schedule().calls(), allFree(now))),
        null);
  }

  /**
   * Every call is free at the end of the pause. Like calls that a lowered limit removed, none is
   * added before: a raised limit would otherwise begin a period early.
   *
   * @param until later, if grants that have been given require it
   */
  PausableState paused(String version, Instant until) {
    GrantSchedule base = lastTakenFrom();
    return new PausableState(
        state.withSchedule(base.withPeriod(version, base.period(), base.calls(), until)), base);
  }

  /**
   * The schedule as it was before the pause, with the grants that had been taken from it.
   *
   * @return empty if there is no pause, or grants that begin at its end have been taken
   */
  Optional<PausableState> resumed(String version, Instant now) {
    if (pausedUntil(now).isEmpty() || before != null && schedule().granted() > 0) {
      return Optional.empty();
    }
    GrantSchedule next =
        before == null ? stopped(version, now).schedule() : before.rebuilt(version, now);
    return Optional.of(new PausableState(state.withSchedule(next), null));
  }

  /** When all grants that may have been given from an unknown schedule are free again. */
  private Instant allFree(Instant now) {
    return now.plus(FARTHEST_GRANT).plus(schedule().period());
  }

  /** The schedule that knows the grants which were taken last. */
  private GrantSchedule lastTakenFrom() {
    return before != null && schedule().granted() == 0 ? before : schedule();
  }

  GrantSchedule schedule() {
    return state.schedule();
  }
}
