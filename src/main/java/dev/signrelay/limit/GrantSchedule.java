package dev.signrelay.limit;

import dev.signrelay.job.Grant;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The times of all further grants. Each of N calls gets one grant a period, so no window as long as
 * a period holds more than N grants. The calls are spread over slots as evenly as possible, and all
 * calls of a slot have the same time, so that a schedule stays small for any N. Grants are
 * numbered:
 *
 * <pre>time(k) = slots[(k mod N) × slots / N] + period × (k div N)</pre>
 *
 * <p>A grant's number gives its time, so a grant is taken by an increment. The schedule has to be
 * {@linkplain #rebuilt rebuilt} only if the times of the next grants have passed.
 *
 * @param version identifies this schedule among all that ever existed
 * @param calls N: the number of grants in a period
 * @param slots the time of each slot's first grants, in order, all within one period; at most
 *     {@value #MAX_SLOTS} and at most N
 * @param granted the number of the next grant; those before it are taken
 * @param freeFrom when the calls that a lowered limit removed would be free; no call is added
 *     before
 */
record GrantSchedule(
    String version,
    Duration period,
    int calls,
    List<Instant> slots,
    long granted,
    Instant freeFrom) {

  /** With so many slots, the item that stores the schedule is smaller than 1 KB. */
  static final int MAX_SLOTS = 64;

  /**
   * The next grants that begin in time.
   *
   * @param schedule the schedule from which they are taken: the one that offers them or, if its
   *     next grants have passed, the rebuilt one
   * @param count how many; not negative
   * @param last the number of the last grant that begins in time; it can be beyond the offer
   */
  record Offer(GrantSchedule schedule, int count, long last) {}

  GrantSchedule {
    slots = List.copyOf(slots);
    if (slots.isEmpty() || slots.size() > calls || !period.isPositive() || granted < 0) {
      throw new IllegalArgumentException("a schedule has calls, slots, a period and a count");
    }
    if (slots.getLast().isAfter(slots.getFirst().plus(period))
        || !slots.equals(slots.stream().sorted().toList())) {
      throw new IllegalArgumentException("slots are in order and within one period");
    }
  }

  /** A schedule in which every call is free now. */
  static GrantSchedule idle(String version, Duration period, int calls, Instant now) {
    var slots = Collections.nCopies(Math.min(calls, MAX_SLOTS), now);
    return new GrantSchedule(version, period, calls, slots, 0, now);
  }

  /** The time of grant number k; the first has number 0. */
  Instant time(long k) {
    long slot = (k % calls) * slots.size() / calls;
    return slots.get((int) slot).plus(period.multipliedBy(k / calls));
  }

  /** The time of the next grant. A rebuild never makes it earlier. */
  Instant next() {
    return time(granted);
  }

  /**
   * Offers the next grants.
   *
   * @param most how many are wanted
   * @param now when they are taken
   * @param wait they begin at most this long after {@code now}; not negative
   * @param maxAge a grant that began at most this long before {@code now} has not passed
   * @param newVersion of the schedule, if it has to be rebuilt
   */
  Offer offer(int most, Instant now, Duration wait, Duration maxAge, String newVersion) {
    boolean passed = next().isBefore(now.minus(maxAge));
    GrantSchedule schedule = passed ? rebuilt(newVersion, now) : this;
    long last = schedule.lastUntil(now.plus(wait));
    return new Offer(schedule, Math.clamp(last + 1 - schedule.granted, 0, most), last);
  }

  /** The grants that were taken last, in order. */
  List<Grant> lastGrants(int count, Duration validity) {
    return IntStream.range(0, count)
        .mapToObj(i -> granted - count + i)
        .map(k -> new Grant(version + "/" + k, time(k), time(k).plus(validity)))
        .toList();
  }

  /** The number of the first grant at or after a time. */
  long firstFrom(Instant time) {
    Duration ahead = Duration.between(slots.getLast(), time);
    long round = ahead.isPositive() ? ahead.plus(period).minusNanos(1).dividedBy(period) : 0;
    Instant inRound = time.minus(period.multipliedBy(round));
    int slot = 0;
    while (slots.get(slot).isBefore(inRound)) {
      slot++;
    }
    return round * calls + firstOf(slot, slots.size(), calls);
  }

  /** The number of the last grant at or before a time; -1: there is none. */
  long lastUntil(Instant time) {
    return firstFrom(time.plusNanos(1)) - 1;
  }

  /**
   * A copy whose slots that are due before now are moved to now. A slot is moved as a whole: calls
   * that were taken from it then wait longer than the limit requires, by as much as it is moved.
   */
  GrantSchedule rebuilt(String newVersion, Instant now) {
    int first = (int) (granted % calls * slots.size() / calls);
    Duration rounds = period.multipliedBy(granted / calls);
    List<Instant> moved =
        IntStream.range(0, slots.size())
            .mapToObj(
                slot -> {
                  Duration taken = slot < first ? period : Duration.ZERO;
                  return later(slots.get(slot).plus(rounds).plus(taken), now).minus(taken);
                })
            .toList();
    return new GrantSchedule(newVersion, period, calls, moved, granted % calls, freeFrom);
  }

  /**
   * A schedule with another number of calls. A lower number keeps the calls that are free first. A
   * higher number adds calls that are free as soon as possible. No window of a period holds more
   * grants than the higher number. After a reduction, no window that begins after {@code freeFrom}
   * holds more than the lower.
   *
   * @throws IllegalStateException if calls are added before {@code freeFrom}
   */
  GrantSchedule resized(String newVersion, int newCalls, Instant now) {
    Instant allFree = time(granted + calls - 1);
    if (newCalls <= calls) {
      return of(newVersion, newCalls, i -> later(time(granted + i), now), later(freeFrom, allFree));
    }
    if (freeFrom.isAfter(now)) {
      throw new IllegalStateException("calls that were removed are not free yet");
    }
    int added = newCalls - calls;
    Instant addedAt = later(now, allFree.minus(period));
    long before = Math.clamp(firstFrom(addedAt) - granted, 0, calls);
    return of(
        newVersion,
        newCalls,
        i ->
            i >= before && i < before + added
                ? addedAt
                : later(time(granted + (i < before ? i : i - added)), now),
        freeFrom);
  }

  /** A schedule with another period. It begins when every call of this one is free. */
  GrantSchedule withPeriod(String newVersion, Duration newPeriod, int newCalls, Instant now) {
    Instant allFree = later(later(time(granted + calls - 1), freeFrom), now);
    return idle(newVersion, newPeriod, newCalls, allFree);
  }

  /**
   * @param times when each call is free, in order; a slot is free when the last of its calls is
   */
  private GrantSchedule of(
      String newVersion, int newCalls, IntFunction<Instant> times, Instant newFreeFrom) {
    int count = Math.min(newCalls, MAX_SLOTS);
    List<Instant> next =
        IntStream.rangeClosed(1, count)
            .mapToObj(slot -> times.apply(firstOf(slot, count, newCalls) - 1))
            .toList();
    return new GrantSchedule(newVersion, period, newCalls, next, 0, newFreeFrom);
  }

  /** The number of the first call of a slot. */
  private static int firstOf(int slot, int slots, int calls) {
    return Math.ceilDiv(Math.multiplyExact(slot, calls), slots);
  }

  GrantSchedule withGranted(long count) {
    return new GrantSchedule(version, period, calls, slots, count, freeFrom);
  }

  static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
