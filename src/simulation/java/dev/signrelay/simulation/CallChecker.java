package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.CALL_SHARED;

import dev.signrelay.jobrecord.CacheEntry.Reusable;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Checks that equal messages share a call, if signatures are reused: none begins while another one
 * is under way, or while there is a signature that may be reused. Of a message whose requests to
 * the cache a fault has struck, calls may be made without it.
 */
final class CallChecker {

  /** A process that fails to end its lease holds others up for as long. */
  static final Duration LONGEST_LEASE = Duration.ofSeconds(25);

  private final World world;
  private final Map<String, Progress> underWay = new HashMap<>();
  private final Set<String> struck = new HashSet<>();

  CallChecker(World world) {
    this.world = world;
  }

  /** A fault has struck a request to the cache, or the clock of the process. */
  void struck(String message) {
    struck.add(message);
    world.faults.last(world.time.instant().plus(LONGEST_LEASE));
  }

  /** A call begins. */
  void begins(Invocation invocation, Progress progress, String message) {
    SimulatedProcess process = invocation.process;
    if (!process.config().records().reusesSignatures()) {
      return;
    }
    if (process.isClockWrong() || process.wasFrozen()) {
      struck(message);
    }
    boolean mayBeReused =
        world
                .jobTable(process)
                .leaseSignature(message, "checker", process.instant().minusMillis(1), Duration.ZERO)
            instanceof Reusable;
    world.invariants.require(
        struck.contains(message) || !underWay.containsKey(message) && !mayBeReused,
        CALL_SHARED,
        "a call for %s begins; another one is under way: %b, there is a signature: %b",
        message,
        underWay.containsKey(message),
        mayBeReused);
    underWay.put(message, progress);
  }

  /** A call has ended. */
  void ends(Progress progress, String message) {
    underWay.remove(message, progress);
  }
}
