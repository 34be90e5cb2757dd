package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.SHARE;

import dev.signrelay.limit.SlidingWindowLimiter;
import java.time.Duration;
import java.time.Instant;

/**
 * Checks that a line drains at the rate of the limit, in runs without faults. The period between
 * two grants of a call makes the rate 4 % lower than the limit. The calls of the period before may
 * have used up the limit, so they count, too. Until the first run of DispatchFunction finds the
 * line, up to 20 s can pass without calls, and the last grant is up to a distance of two grants
 * away.
 */
final class ShareChecker {

  private static final Duration FIRST_RUN = Duration.ofSeconds(25);

  private final FaultWorld world;
  private Instant begun = Instant.MAX;
  private int callsBefore;

  ShareChecker(FaultWorld world) {
    this.world = world;
  }

  /** The line has jobs. */
  void begins() {
    begun = world.time.instant();
    Instant period = begun.minus(SlidingWindowLimiter.PERIOD);
    callsBefore =
        (int) world.upstream.calls().stream().filter(call -> call.at().isBefore(period)).count();
  }

  /** The line has no job. */
  void ends() {
    // A job that expires in line, or that reuses a signature, needs no call.
    if (!world.isFaultless()
        || world.releases.change()
        || world.scenario.expiring() > 0
        || world.scenario.config().records().reusesSignatures()) {
      return;
    }
    int limit = world.releases.all().getFirst().calls();
    Duration took = Duration.between(begun, world.time.instant()).minus(FIRST_RUN);
    double expected = limit * took.toMillis() / (double) SlidingWindowLimiter.PERIOD.toMillis() - 1;
    int made = world.upstream.calls().size() - callsBefore;
    world.invariants.require(
        made >= Math.floor(expected),
        SHARE,
        "%d calls in %s, at least %.1f expected",
        made,
        took.plus(FIRST_RUN),
        expected);
  }
}
