package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.LIMIT_KEPT;

import dev.signrelay.limit.SlidingWindowLimiter;
import dev.signrelay.simulation.Releases.Release;
import dev.signrelay.simulation.SimulatedUpstream.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks how many calls arrive in any 60 s: at most the higher limit of all releases that are
 * active, and at most the lower one as soon as all grants have passed that were given before the
 * lower one was first known. A limit of 0 is none.
 */
final class LimitChecker {

  private static final Duration WINDOW = SimulatedUpstream.WINDOW;

  /** The farthest that a grant is ahead, and until all calls of the schedule then are free. */
  static final Duration SETTLED = Duration.ofSeconds(4).plus(SlidingWindowLimiter.PERIOD);

  /** While nobody asks under the lower limit for so long, it holds; the rest is clock skew. */
  private static final Duration LOWER_HOLDS = Duration.ofMinutes(5).minusSeconds(5);

  private record Period(Instant from, Instant to) {}

  private final World world;
  private final Map<Integer, List<Period>> asked = new HashMap<>();
  private @Nullable Instant wiped;
  private boolean isUnknown;

  LimitChecker(World world) {
    this.world = world;
  }

  /** A request that a process sent under its limit was answered: the schedule knows the limit. */
  void asks(int calls, Instant sent) {
    if (isUnknown) {
      // The schedule begins when all grants have passed that may have been given before.
      isUnknown = false;
      world.live.struck(world.time.instant().plus(SETTLED));
    }
    List<Period> periods = asked.computeIfAbsent(calls, _ -> new ArrayList<>());
    Instant begun = world.time.instant();
    if (!periods.isEmpty() && begun.isBefore(holdsUntil(periods.getLast()))) {
      begun = periods.removeLast().from();
    }
    periods.add(new Period(begun, sent));
  }

  /** Nobody knows which grants were given. */
  void wipe() {
    wiped = world.time.instant();
    isUnknown = true;
  }

  /** At the end of the run. */
  void check(List<Call> calls) {
    for (int first = 0; first < calls.size(); first++) {
      Instant from = calls.get(first).at();
      int limit = limit(from);
      int next = first + limit;
      if (limit > 0 && next < calls.size()) {
        Instant to = calls.get(next).at();
        world.invariants.require(
            !to.isBefore(from.plus(WINDOW)),
            LIMIT_KEPT,
            "%d calls from %s to %s",
            limit + 1,
            from,
            to);
      }
    }
  }

  /** The limit of the window that begins at a time; 0: none. */
  private int limit(Instant from) {
    Instant to = from.plus(WINDOW);
    if (wiped != null && from.isBefore(wiped.plus(SETTLED)) && to.isAfter(wiped.minus(SETTLED))) {
      return 0;
    }
    List<Release> active = world.releases.between(from.minus(SETTLED), to);
    int most = 0;
    int least = Integer.MAX_VALUE;
    for (Release release : active) {
      if (release.calls() == 0) {
        if (release.overlaps(from.minus(WINDOW), to)) {
          return 0;
        }
      } else {
        most = Math.max(most, release.calls());
        least = Math.min(least, release.calls());
      }
    }
    return isKnown(least, from.minus(SETTLED), to) ? least : most;
  }

  /** Whether a limit is known from one time to another. */
  private boolean isKnown(int calls, Instant from, Instant to) {
    return asked.getOrDefault(calls, List.of()).stream()
        .anyMatch(period -> !period.from().isAfter(from) && !holdsUntil(period).isBefore(to));
  }

  /** A wiped table has no limits. Calls before were exempt, and those after are asked for anew. */
  private Instant holdsUntil(Period period) {
    return wiped != null && period.to().isBefore(wiped) ? wiped : period.to().plus(LOWER_HOLDS);
  }
}
