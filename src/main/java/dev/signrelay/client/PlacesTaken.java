package dev.signrelay.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * The places of a client by the minute in which they end. Long waits are rounded up to coarser
 * steps, so a client has at most about a hundred of these minutes.
 *
 * @param byMinute counts by minutes since the epoch. A minute that has begun is past.
 */
record PlacesTaken(Map<Long, Long> byMinute) {

  /** Waits in the same eighth of their power of two end together. */
  private static final int STEPS_PER_OCTAVE = 8;

  private static final long SECONDS_PER_MINUTE = 60;

  PlacesTaken {
    byMinute = Map.copyOf(byMinute);
  }

  /**
   * The minute in which a place ends that is taken now: that of the wait's end, or up to an eighth
   * of the wait later.
   */
  static long endOf(Duration wait, Instant now) {
    long minutes = wait.toMinutes();
    long width = Math.max(1, Long.highestOneBit(minutes) / STEPS_PER_OCTAVE);
    long end = Math.ceilDiv(now.plus(wait).getEpochSecond() + 1, SECONDS_PER_MINUTE);
    return Math.ceilDiv(end, width) * width;
  }

  /** How many there are now. */
  long count(Instant now) {
    return byMinute.entrySet().stream()
        .filter(places -> !isPast(places.getKey(), now))
        .mapToLong(places -> Math.max(0, places.getValue()))
        .sum();
  }

  /** The time until the next one ends; a minute if there is none. Positive. */
  Duration nextEnd(Instant now) {
    return byMinute.entrySet().stream()
        .filter(places -> places.getValue() > 0)
        .map(Map.Entry::getKey)
        .filter(minute -> !isPast(minute, now))
        .min(Long::compare)
        .map(minute -> Duration.between(now, Instant.ofEpochSecond(minute * SECONDS_PER_MINUTE)))
        .orElse(Duration.ofSeconds(SECONDS_PER_MINUTE));
  }

  static boolean isPast(long minute, Instant now) {
    return !now.isBefore(Instant.ofEpochSecond(minute * SECONDS_PER_MINUTE));
  }
}
