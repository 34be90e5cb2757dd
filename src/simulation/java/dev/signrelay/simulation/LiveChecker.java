package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.LIVE;

import dev.signrelay.limit.GrantWindow;
import dev.signrelay.limit.SlidingWindowLimiter;
import java.time.Duration;
import java.time.Instant;

/**
 * Checks that the upstream is not idle for long while jobs are in line or wait for their grant.
 *
 * <p>A fault wastes the grants that were given, at most 110 s ahead; the next grant comes up to a
 * period later, because all grants of a period can have the same time. Or it hides the jobs at the
 * head of the line for the visibility timeout of 45 s, and the run of DispatchFunction after that
 * is up to 60 s later.
 */
final class LiveChecker {

  /** From the queue to the upstream: the lead of 5 s, receiving, claiming, connecting, travel. */
  private static final Duration ON_THE_WAY = Duration.ofSeconds(10);

  private static final Duration BOUND =
      GrantWindow.AHEAD.to().plus(SlidingWindowLimiter.PERIOD).plus(ON_THE_WAY);

  private final FaultWorld world;
  private int inLine;
  private int withGrant;
  private Instant idleSince = Instant.MAX;
  private Instant faultUntil = Instant.MIN;

  LiveChecker(FaultWorld world) {
    this.world = world;
  }

  void joinsLine(int jobs) {
    change(jobs, 0);
  }

  void waitsForGrant(int jobs) {
    change(0, jobs);
  }

  private void change(int lineJobs, int grantedJobs) {
    boolean waited = inLine + withGrant > 0;
    if (waited) {
      check("");
    }
    inLine += lineJobs;
    withGrant += grantedJobs;
    if (inLine + withGrant == 0) {
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
    if (inLine + withGrant > 0) {
      idleSince = world.time.instant();
    }
  }

  /** At the end of the run. */
  void check(String before) {
    if (inLine + withGrant == 0) {
      return;
    }
    Instant since = idleSince.isBefore(faultUntil) ? faultUntil : idleSince;
    Duration idle = Duration.between(since, world.time.instant());
    world.invariants.require(
        idle.compareTo(BOUND) <= 0,
        LIVE,
        "no call for %s until %s; %d in line, %d with a grant",
        idle,
        before,
        inLine,
        withGrant);
    if (idle.compareTo(BOUND) > 0) {
      restart();
    }
  }
}
