package dev.signrelay.limit;

import static dev.signrelay.limit.ModelState.CLOCK_RANGE;
import static dev.signrelay.limit.SharedSchedule.LOWER_LIMIT_HOLDS;

import dev.signrelay.limit.ModelState.Arrival;
import dev.signrelay.limit.ModelState.Granted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The invariants of the grants that are given, and of the calls that arrive at the upstream. */
final class ModelInvariants {

  static final Duration WINDOW = Duration.ofSeconds(60);

  private ModelInvariants() {}

  /**
   * Checks the last grants of a state.
   *
   * @param before the number of grants that were checked before
   */
  static void checkGrants(ModelState state, int before, List<String> broken) {
    List<Granted> all = state.granted();
    for (int i = before; i < all.size(); i++) {
      Granted grant = all.get(i);
      if (i > 0 && grant.from().isBefore(all.get(i - 1).from())) {
        broken.add("%s is given after one from %s".formatted(grant, all.get(i - 1).from()));
      }
      if (grant.calls() > grant.limit()) {
        broken.add("a process with a limit of %d is given %s".formatted(grant.limit(), grant));
      }
      all.subList(0, i).forEach(earlier -> check(earlier, grant, broken));
    }
  }

  /** Each grant is given once, and a lower limit holds for some time. */
  private static void check(Granted earlier, Granted grant, List<String> broken) {
    if (earlier.id().equals(grant.id())) {
      broken.add("grant %s is given twice".formatted(grant.id()));
    }
    Duration since = Duration.between(earlier.askedAt(), grant.askedAt());
    if (earlier.limit() < grant.calls()
        && since.plus(CLOCK_RANGE).compareTo(LOWER_LIMIT_HOLDS) < 0) {
      broken.add(
          "a grant of a schedule of %d is given %s s after a process with a limit of %d asked"
              .formatted(grant.calls(), since.toSeconds(), earlier.limit()));
    }
  }

  /** No window contains more calls than the highest limit of its calls allows. */
  static void checkArrivals(ModelState state, List<String> broken) {
    var inOrder = new ArrayList<>(state.arrivals());
    inOrder.sort(Comparator.comparing(Arrival::at));
    IntStream.range(0, inOrder.size())
        .mapToObj(first -> window(inOrder.subList(first, inOrder.size())))
        .filter(window -> window.size() > limit(window))
        .findFirst()
        .ifPresent(
            window ->
                broken.add(
                    "%d calls arrive within 60 s, where %d are allowed: %s"
                        .formatted(window.size(), limit(window), window)));
  }

  private static List<Arrival> window(List<Arrival> calls) {
    Instant end = calls.getFirst().at().plus(WINDOW);
    return calls.stream().takeWhile(call -> call.at().isBefore(end)).toList();
  }

  private static int limit(List<Arrival> window) {
    return window.stream().mapToInt(Arrival::allowed).max().orElse(0);
  }
}
