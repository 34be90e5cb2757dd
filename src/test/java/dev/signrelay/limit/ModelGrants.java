package dev.signrelay.limit;

import static dev.signrelay.limit.ModelState.CLOCK_RANGE;
import static dev.signrelay.limit.SharedSchedule.LOWER_LIMIT_HOLDS;

import dev.signrelay.job.Grant;
import dev.signrelay.limit.ModelState.Granted;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The invariants of the grants that are given. */
final class ModelGrants {

  private ModelGrants() {}

  /**
   * The grants that an operation was given.
   *
   * @param after the state after it
   * @param process that ran it, after it
   * @param askedAt when it sent its last request, in true time
   */
  static List<Granted> of(
      List<Grant> given, ModelState after, ModelProcess process, Instant askedAt) {
    RateLimitState seen = process.memory().state();
    return seen == null
        ? List.of()
        : given.stream()
            .map(grant -> granted(grant, seen.schedule(), after.highest(), process, askedAt))
            .toList();
  }

  private static Granted granted(
      Grant grant, GrantSchedule schedule, int highest, ModelProcess process, Instant askedAt) {
    int calls = schedule.calls();
    int allowed = grant.from().isBefore(schedule.freeFrom()) ? highest : calls;
    return new Granted(grant.id(), grant.from(), calls, allowed, process.calls(), askedAt);
  }

  static void check(List<Granted> before, List<Granted> more, List<String> broken) {
    var all = new ArrayList<>(before);
    for (Granted grant : more) {
      if (!all.isEmpty()) {
        checkOrder(all.getLast(), grant, broken);
      }
      checkLimit(grant, broken);
      all.forEach(earlier -> check(earlier, grant, broken));
      all.add(grant);
    }
  }

  /** First come, first served. */
  private static void checkOrder(Granted last, Granted grant, List<String> broken) {
    if (grant.from().isBefore(last.from())) {
      broken.add(
          "a grant from %s is given after one from %s"
              .formatted(ModelUpstream.seconds(grant.from()), ModelUpstream.seconds(last.from())));
    }
  }

  private static void checkLimit(Granted grant, List<String> broken) {
    if (grant.calls() > grant.limit()) {
      broken.add(
          "a process with a limit of %d is given a grant of a schedule of %d"
              .formatted(grant.limit(), grant.calls()));
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
}
