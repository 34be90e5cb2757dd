package dev.signrelay.limit;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * When the next grants are. There are as many slots as calls are allowed in a period, and each slot
 * gives one grant a period: so no window of a period ever holds more grants than that. The grants
 * are numbered, and the slots take turns:
 *
 * <pre>time(k) = slots[k mod N] + period × (k div N)</pre>
 *
 * While calls wait in line, the time of each further grant is thus known from its number alone, and
 * to take one is to count one up. Only when nobody waits and the times of the next grants go by,
 * the schedule has to be {@linkplain #renewed written anew}.
 *
 * @param version names this schedule among all that ever are
 * @param slots when each slot gives its first grant, in order, all within one period
 * @param granted how many grants have been given, and so the number of the next one
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

  /** For a limit that has not been used before: everything is free. */
  static GrantSchedule idle(String version, Duration period, int calls, Instant now) {
    return new GrantSchedule(version, period, Collections.nCopies(calls, now), 0);
  }

  /** When grant number k is, the first being number 0. */
  Instant time(long k) {
    int n = slots.size();
    return slots.get((int) (k % n)).plus(period.multipliedBy(k / n));
  }

  /** When the next grant is. It never becomes earlier, whoever renews the schedule. */
  Instant next() {
    return time(granted);
  }

  /** The one that was given last. */
  Grant lastGrant(Duration tolerance) {
    long k = granted - 1;
    return new Grant(version + "/" + k, time(k), time(k).plus(tolerance));
  }

  boolean isFor(int calls, Duration aPeriod) {
    return slots.size() == calls && period.equals(aPeriod);
  }

  /** The number of the first grant that is at a time or after it. */
  long firstFrom(Instant time) {
    Duration ahead = Duration.between(slots.getFirst(), time);
    long round = ahead.isPositive() ? ahead.dividedBy(period) * slots.size() : 0;
    return LongStream.rangeClosed(round, round + slots.size())
        .filter(k -> !time(k).isBefore(time))
        .findFirst()
        .orElseThrow();
  }

  /** The number of the last grant that is at a time or before it; -1: there is none. */
  long lastUntil(Instant time) {
    return firstFrom(time.plusNanos(1)) - 1;
  }

  /** The same slots in the same order, none of them earlier than now. */
  GrantSchedule renewed(String newVersion, Instant now) {
    List<Instant> next =
        LongStream.range(granted, granted + slots.size())
            .mapToObj(k -> later(time(k), now))
            .toList();
    return new GrantSchedule(newVersion, period, next, 0);
  }

  /**
   * Another number of calls or another period. It begins when every slot of the old one is free, so
   * that no window counts grants of both.
   */
  GrantSchedule changed(String newVersion, Duration newPeriod, int calls, Instant now) {
    Instant allFree = later(time(granted + slots.size() - 1), now);
    return idle(newVersion, newPeriod, calls, allFree);
  }

  GrantSchedule withGranted(long count) {
    return new GrantSchedule(version, period, slots, count);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
