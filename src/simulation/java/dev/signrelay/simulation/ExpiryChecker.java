package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.EXPIRED_ENDS;

import dev.signrelay.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks that nothing is done for a job whose result is no longer wanted. It knows from the clients
 * until when that is, and not from the jobs.
 */
final class ExpiryChecker {

  /** Clocks that are not wrong differ by less. */
  private static final Duration CLOCKS = Duration.ofSeconds(1);

  private final World world;
  private final Map<String, Instant> ends = new HashMap<>();

  ExpiryChecker(World world) {
    this.world = world;
  }

  /** A client sends a request now, maybe again, or another one with the same key. */
  void wanted(ClientRequest request) {
    Duration validity = request.validity();
    Instant end = validity == null ? Instant.MAX : world.time.instant().plus(validity);
    var _ = ends.merge(request.id(), end, (a, b) -> a.isBefore(b) ? b : a);
  }

  /** The clock by which the request was received is wrong. */
  void unknown(ClientRequest request) {
    ends.put(request.id(), Instant.MAX);
  }

  /** A call or a delivery begins. */
  void begins(Invocation invocation, String id, String what) {
    SimulatedProcess process = invocation.process;
    Instant end = ends.getOrDefault(id, Instant.MAX);
    world.invariants.require(
        process.isClockWrong() || process.wasFrozen() || isBefore(world.time.instant(), end),
        EXPIRED_ENDS,
        "%s %s, which expired at %s",
        what,
        id,
        end);
  }

  /** A job becomes a dead letter because it has expired. */
  void expired(Invocation invocation, Job job) {
    Instant end = job.acceptance().validUntil();
    world.invariants.require(
        invocation.process.isClockWrong()
            || end != null && !world.time.instant().plus(CLOCKS).isBefore(end),
        EXPIRED_ENDS,
        "%s is expired before %s",
        job,
        end);
  }

  private static boolean isBefore(Instant time, Instant end) {
    return end.equals(Instant.MAX) || time.isBefore(end.plus(CLOCKS));
  }
}
