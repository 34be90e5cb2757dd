package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The times of all further grants. There are as many slots as calls are allowed in a period, and
 * each slot gives one grant a period, so no window of a period holds more grants than that. Grants
 * are numbered, and the slots take turns:
 *
 * <pre>time(k) = slots[k mod N] + period × (k div N)</pre>
 *
 * <p>While calls wait, the time of each further grant is therefore known from its number, and a
 * grant is taken by an increment. Only when no call waits and the times of the next grants pass,
 * the schedule has to be {@linkplain #rebuilt rebuilt}.
 *
 * @param version identifies this schedule among all that ever existed
 * @param slots the time of each slot's first grant, in order, all within one period
 * @param granted the number of grants taken so far, which is the number of the next one
 */
record GrantSchedule(String version, Duration period, List<Instant> slots, long granted) {

  GrantSchedule {
    slots = List.copyOf(slots);
    if (slots.isEmpty() || !period.isPositive() || granted < 0) {
      throw new IllegalArgumentException("a schedule has slots, a period and a count");
    }
    if (slots.getLast().isAfter(slots.getFirst().plus(period))
        || !slots.equals(slots.stream().sorted().toList())) {
      throw new IllegalArgumentException("slots are in order and within one period");
    }
  }

  /** A schedule in which every slot is free now. */
  static GrantSchedule idle(String version, Duration period, int calls, Instant now) {
    return new GrantSchedule(version, period, Collections.nCopies(calls, now), 0);
  }

  /** The time of grant number k; the first has number 0. */
  Instant time(long k) {
    int n = slots.size();
    return slots.get((int) (k % n)).plus(period.multipliedBy(k / n));
  }

  /** The time of the next grant. Rebuilding the schedule never makes it earlier. */
  Instant next() {
    return time(granted);
  }

  /** The grant that was taken last. */
  Grant lastGrant(Duration tolerance) {
    long k = granted - 1;
    return new Grant(version + "/" + k, time(k), time(k).plus(tolerance));
  }

  boolean isFor(int calls, Duration aPeriod) {
    return slots.size() == calls && period.equals(aPeriod);
  }

  /** The number of the first grant at or after a time. */
  long firstFrom(Instant time) {
    Duration ahead = Duration.between(slots.getFirst(), time);
    long round = ahead.isPositive() ? ahead.dividedBy(period) * slots.size() : 0;
    return LongStream.rangeClosed(round, round + slots.size())
        .filter(k -> !time(k).isBefore(time))
        .findFirst()
        .orElseThrow();
  }

  /** The number of the last grant at or before a time; -1: there is none. */
  long lastUntil(Instant time) {
    return firstFrom(time.plusNanos(1)) - 1;
  }

  /** The same slots in the same order, moved so that none is before now. */
  GrantSchedule rebuilt(String newVersion, Instant now) {
    List<Instant> next =
        LongStream.range(granted, granted + slots.size())
            .mapToObj(k -> later(time(k), now))
            .toList();
    return new GrantSchedule(newVersion, period, next, 0);
  }

  /**
   * A schedule with another number of calls or another period. It begins when every slot of this
   * one is free, so that no window contains grants of both.
   */
  GrantSchedule changed(String newVersion, Duration newPeriod, int calls, Instant now) {
    Instant allFree = later(time(granted + slots.size() - 1), now);
    return idle(newVersion, newPeriod, calls, allFree);
  }

  GrantSchedule withGranted(long count) {
    return new GrantSchedule(version, period, slots, count);
  }

  static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
