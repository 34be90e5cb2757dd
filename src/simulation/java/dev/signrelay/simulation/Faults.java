package dev.signrelay.simulation;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * When things go wrong in a run. Each run has its own kinds of faults, some rare and some common,
 * and so many in all: runs in which everything always fails would all be alike, and without an end.
 */
final class Faults {

  static final Faults NONE = new Faults(new SeededRandom(0), Map.of(), 0);

  private static final int MOST = 40;

  private final SeededRandom random;
  private final Map<Fault, Double> rates;
  private final Set<Fault> struck = EnumSet.noneOf(Fault.class);
  private int left;

  private Faults(SeededRandom random, Map<Fault, Double> rates, int left) {
    this.random = random;
    this.rates = rates;
    this.left = left;
  }

  static Faults drawn(SeededRandom random) {
    var rates = new EnumMap<Fault, Double>(Fault.class);
    for (Fault fault : Fault.values()) {
      rates.put(fault, often(fault) * random.oneOf(0.0, 0.0, 0.02, 0.1, 0.3));
    }
    return new Faults(random, rates, random.below(MOST));
  }

  /**
   * There are many more moments to die or stand still in than to do anything else, and few in which
   * a receiver takes a callback.
   */
  private static double often(Fault fault) {
    return switch (fault) {
      case CRASH, FREEZE -> 0.2;
      case RECEIPT_LOST -> 3;
      case DUPLICATE,
          LATE_MESSAGE,
          DISORDER,
          SEND_FAILED,
          SEND_UNCONFIRMED,
          SEND_LATE,
          DELETE_FAILED,
          THROTTLE,
          TABLE_FAILED,
          UPSTREAM_UNREACHABLE,
          SIGNATURE_LOST ->
          1;
    };
  }

  /** Whether this goes wrong now. */
  boolean strike(Fault fault) {
    double rate = left == 0 ? 0 : rates.getOrDefault(fault, 0.0);
    boolean strikes = rate > 0 && random.getAsDouble() < rate;
    if (strikes) {
      left--;
      struck.add(fault);
    }
    return strikes;
  }

  /** What has gone wrong so far. */
  Set<Fault> struck() {
    return struck;
  }

  @Override
  public String toString() {
    return left + " faults at most, with rates " + rates;
  }
}
