package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.LIVE;

import java.time.Duration;
import java.time.Instant;

/**
 * Checks that the upstream is not idle for long while jobs wait: in line, or in the retry queue
 * after their delay.
 *
 * <p>A fault wastes the grants of the jobs in a run's hands, and the next ones come a period later.
 * Or it hides these jobs for as long as the run holds them, and the next run is up to a minute
 * later.
 */
final class LiveChecker {

  private static final Duration BOUND = Duration.ofSeconds(130);

  private final World world;
  private int waiting;
  private Instant idleSince = Instant.MAX;
  private Instant faultUntil = Instant.MIN;

  LiveChecker(World world) {
    this.world = world;
  }

  /**
   * Jobs begin to wait for a call, or end.
   *
   * @param jobs negative: they end
   */
  void waits(int jobs) {
    boolean waited = waiting > 0;
    if (waited) {
      check("");
    }
    waiting += jobs;
    if (waiting == 0) {
      idleSince = Instant.MAX;
    } else if (!waited) {
      idleSince = world.time.instant();
    }
  }

  /** A call reaches the upstream, or a job needs none. */
  void calls() {
    check("a call");
    restart();
  }

  /** A fault occurs, whose effects last until a time. */
  void struck(Instant until) {
    check("a fault");
    faultUntil = faultUntil.isBefore(until) ? until : faultUntil;
    restart();
  }

  private void restart() {
    if (waiting > 0) {
      idleSince = world.time.instant();
    }
  }

  /** At the end of the run. */
  void check(String before) {
    if (waiting == 0) {
      return;
    }
    Instant since = idleSince.isBefore(faultUntil) ? faultUntil : idleSince;
    Duration idle = Duration.between(since, world.time.instant());
    world.invariants.require(
        idle.compareTo(BOUND) <= 0,
        LIVE,
        "no call for %s until %s; %d jobs wait",
        idle,
        before,
        waiting);
    if (idle.compareTo(BOUND) > 0) {
      restart();
    }
  }
}
