package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.FREE_CALL_USED;
import static dev.signrelay.simulation.Invariant.SHARE;

import dev.signrelay.limit.SlidingWindowLimiter;
import java.time.Duration;
import java.time.Instant;

/**
 * Checks that a line drains at the rate of the limit, in runs without faults. The period between
 * two grants of a call makes the rate 4 % lower than the limit. The calls of the period before may
 * have used up the limit, so they count, too. Until the first run of DispatchFunction finds the
 * line, a minute can pass without calls, and the last grant is up to a distance of two grants away.
 */
final class ShareChecker {

  private static final Duration FIRST_RUN = Duration.ofSeconds(65);

  private final World world;

  /** The last run has noted that the line is empty. */
  private static final Duration NOTED = Duration.ofSeconds(130);

  private static final Duration TOGETHER = Duration.ofSeconds(2);

  private Instant begun = Instant.MIN;
  private Instant emptySince = World.START;
  private Instant queued = Instant.MIN;
  private int callsBefore;

  ShareChecker(World world) {
    this.world = world;
  }

  /** The line has jobs. */
  void begins() {
    begun = world.time.instant();
    Instant period = begun.minus(SlidingWindowLimiter.PERIOD);
    callsBefore =
        (int) world.upstream.calls.stream().filter(call -> call.at().isBefore(period)).count();
  }

  /** The line has no job. */
  void ends() {
    emptySince = world.time.instant();
    // A job that expires in line, or that reuses a signature, needs no call. Many requests or
    // retries that come one after the other may keep a short line for minutes, at less than the
    // rate.
    if (!world.plan.faultless()
        || world.scenario.isLarge() && !world.scenario.callsComeAtOnce()
        || world.releases.change()
        || world.scenario.expiring() > 0
        || world.scenario.config().records().reusesSignatures()) {
      return;
    }
    int limit = world.releases.all().getFirst().calls();
    Duration took = Duration.between(begun, world.time.instant()).minus(FIRST_RUN);
    double expected = limit * took.toMillis() / (double) SlidingWindowLimiter.PERIOD.toMillis() - 1;
    int made = world.upstream.calls.size() - callsBefore;
    world.invariants.require(
        made >= Math.floor(expected),
        SHARE,
        "%d calls in %s, at least %.1f expected",
        made,
        took.plus(FIRST_RUN),
        expected);
  }

  /**
   * A request that arrived at a time was queued without a call. It notes a line until the next run,
   * even if its job expires before its turn and so does not join the line.
   */
  void queues(ClientRequest request, Instant arrived) {
    Instant before = queued;
    queued = arrived;
    boolean isInLine = begun.isAfter(emptySince) && begun.isBefore(arrived);
    Instant empty = emptySince;
    if (!isInLine
        && empty.isBefore(arrived.minus(NOTED))
        && before.isBefore(arrived.minus(NOTED))
        && world.plan.faultless()
        && !world.releases.change()
        && request.key() == null) {
      world.time.at(arrived.plus(TOGETHER.multipliedBy(2)), () -> check(request, arrived, empty));
    }
  }

  /** Of requests at the same time, those of a process whose clock is behind may find no grant. */
  private void check(ClientRequest request, Instant arrived, Instant empty) {
    long taken = calls(arrived.minus(SlidingWindowLimiter.PERIOD), arrived);
    world.invariants.require(
        taken >= world.releases.all().getFirst().calls()
            || calls(arrived.minus(TOGETHER), arrived.plus(TOGETHER)) > 0,
        FREE_CALL_USED,
        "%s is queued without a call after %d calls in a period; no line since %s",
        request,
        taken,
        empty);
  }

  private long calls(Instant from, Instant to) {
    return world.upstream.calls.stream()
        .filter(call -> call.at().isAfter(from) && call.at().isBefore(to))
        .count();
  }
}
