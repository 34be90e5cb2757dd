package dev.signrelay.simulation;

import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Decides when faults occur. Each run draws a rate for each kind of fault, and a maximum for all:
 * if everything failed all the time, all runs would be alike and would not end.
 */
final class Faults {

  /**
   * Balances the opportunities: a process can crash or freeze at each effect, but few callbacks are
   * accepted, few requests send several jobs, and half of the runs have no records.
   */
  private static final Map<Fault, Double> FACTORS =
      Map.of(
          Fault.CRASH, 0.2,
          Fault.FREEZE, 0.2,
          Fault.RECEIPT_LOST, 4.0,
          Fault.RECORDS_FAILED, 4.0,
          Fault.ENTRY_REFUSED, 6.0);

  private static final int MAX_FAULTS = 40;

  private final SeededRandom random;
  private final Map<Fault, Double> rates;

  /** The kinds of faults that have occurred so far. */
  final Set<Fault> occurred = EnumSet.noneOf(Fault.class);

  /** Is called for each fault, with the end of its effects if that is later. */
  Consumer<Instant> onFault = _ -> {};

  private int left;

  private Faults(SeededRandom random, Map<Fault, Double> rates, int left) {
    this.random = random;
    this.rates = rates;
    this.left = left;
  }

  static Faults none() {
    return new Faults(new SeededRandom(0), Map.of(), 0);
  }

  static Faults drawn(SeededRandom random, boolean none) {
    var rates = new EnumMap<Fault, Double>(Fault.class);
    for (Fault fault : Fault.values()) {
      rates.put(
          fault,
          FACTORS.getOrDefault(fault, 1.0) * random.oneOf(0.0, 0.0, 0.0, 0.0, 0.02, 0.1, 0.3));
    }
    return new Faults(random, rates, none ? 0 : random.below(MAX_FAULTS));
  }

  /** The effects of the fault that has occurred last until a time. */
  void last(Instant until) {
    onFault.accept(until);
  }

  /** Whether a fault occurs now. */
  boolean occurs(Fault fault) {
    double rate = left == 0 ? 0 : rates.getOrDefault(fault, 0.0);
    boolean occurs = rate > 0 && random.getAsDouble() < rate;
    if (occurs) {
      left--;
      occurred.add(fault);
      onFault.accept(Instant.MIN);
    }
    return occurs;
  }

  @Override
  public String toString() {
    return "at most " + left + " faults, with rates " + rates;
  }
}
