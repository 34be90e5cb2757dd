package dev.signrelay.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** When the incidents of a run begin and end. Most runs have none or one. */
final class Incidents {

  private record Interval(Instant from, Instant to) {

    boolean contains(Instant time) {
      return !time.isBefore(from) && time.isBefore(to);
    }
  }

  private static final double SHARE_OF_RUNS = 0.06;

  private final VirtualTime time;
  private final Map<Incident, Interval> intervals;

  /** The kinds that have struck so far. */
  final Set<Incident> occurred = EnumSet.noneOf(Incident.class);

  private Incidents(VirtualTime time, Map<Incident, Interval> intervals) {
    this.time = time;
    this.intervals = intervals;
  }

  static Incidents none(VirtualTime time) {
    return new Incidents(time, Map.of());
  }

  static Incidents drawn(VirtualTime time, SeededRandom random, boolean none) {
    var intervals = new EnumMap<Incident, Interval>(Incident.class);
    for (Incident incident : Incident.values()) {
      if (random.getAsDouble() < SHARE_OF_RUNS && !none) {
        Duration after =
            random.between(
                Duration.ZERO,
                random.oneOf(Duration.ofSeconds(2), Duration.ofMinutes(2), Duration.ofMinutes(30)));
        Instant from = World.START.plus(after);
        Duration length =
            random.between(Duration.ofMinutes(1), Duration.ofMinutes(incident.maxMinutes()));
        intervals.put(incident, new Interval(from, from.plus(length)));
      }
    }
    return new Incidents(time, intervals);
  }

  /**
   * Plans what happens at the beginning and the end of each incident.
   *
   * @param begins is called with the end of the incident
   */
  void plan(Consumer<Instant> begins, Runnable ends) {
    for (Interval interval : intervals.values()) {
      time.at(interval.from(), () -> begins.accept(interval.to()));
      time.at(interval.to(), ends);
    }
  }

  /** Whether one of some incidents strikes now. */
  boolean strike(Incident... incidents) {
    boolean strikes = false;
    for (Incident incident : incidents) {
      Interval interval = intervals.get(incident);
      if (interval != null && interval.contains(time.instant())) {
        occurred.add(incident);
        strikes = true;
      }
    }
    return strikes;
  }

  @Override
  public String toString() {
    return intervals.toString();
  }
}
