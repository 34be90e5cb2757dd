package dev.signrelay.simulation;

import dev.signrelay.app.Config;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The releases of a run, which differ in their limit. For some minutes after a deployment,
 * processes of both releases start. A rollback is a further release.
 */
record Releases(List<Release> all) {

  /** An invocation that has begun ends within this time. */
  private static final Duration LONGEST_INVOCATION = Duration.ofSeconds(60);

  private static final Duration SIDE_BY_SIDE = Duration.ofMinutes(2);

  /**
   * @param at when its first process can start
   * @param end when its last invocation has ended
   */
  record Release(Config config, Instant at, Instant end) {

    int calls() {
      return config.upstream().callsPerMinute();
    }

    /** Whether no invocation of it may begin any more. */
    boolean isOver(Instant now) {
      return !end.equals(Instant.MAX) && end.minus(LONGEST_INVOCATION).isBefore(now);
    }

    boolean overlaps(Instant from, Instant to) {
      return at.isBefore(to) && end.isAfter(from);
    }
  }

  static Releases drawn(SeededRandom random, Scenario scenario, boolean changes) {
    var limits = new ArrayList<>(List.of(random.oneOf(scenario.limits())));
    if (changes) {
      limits.add(random.oneOf(scenario.changedLimits()));
      if (random.getAsDouble() < 0.5) {
        limits.add(limits.getFirst());
      }
    }
    var releases = new ArrayList<Release>();
    Instant at = Instant.MIN;
    for (int i = 0; i < limits.size(); i++) {
      boolean last = i == limits.size() - 1;
      Instant begun = at.equals(Instant.MIN) ? World.START : at;
      at = begun.plus(random.between(Duration.ZERO, Duration.ofMinutes(15)));
      Duration sideBySide = random.between(Duration.ZERO, Duration.ofMinutes(8));
      releases.add(
          new Release(
              scenario.limitedTo(limits.get(i)),
              i == 0 ? Instant.MIN : begun,
              last ? Instant.MAX : at.plus(sideBySide).plus(LONGEST_INVOCATION)));
    }
    return new Releases(releases);
  }

  /** The only release. */
  static Releases of(Scenario scenario, int calls) {
    return new Releases(List.of(new Release(scenario.limitedTo(calls), Instant.MIN, Instant.MAX)));
  }

  /** Two releases, of which the second one is deployed at a time. */
  static Releases of(Scenario scenario, int calls, Instant at, int newCalls) {
    Instant end = at.plus(SIDE_BY_SIDE).plus(LONGEST_INVOCATION);
    return new Releases(
        List.of(
            new Release(scenario.limitedTo(calls), Instant.MIN, end),
            new Release(scenario.limitedTo(newCalls), at, Instant.MAX)));
  }

  /** The release of a process that starts now. */
  Release current(Instant now, SeededRandom random) {
    List<Release> started =
        all.stream().filter(release -> !release.at().isAfter(now) && !release.isOver(now)).toList();
    return started.size() == 1 ? started.getFirst() : started.get(random.below(started.size()));
  }

  /** The releases of which a process can be active at some time. */
  List<Release> between(Instant from, Instant to) {
    return all.stream().filter(release -> release.overlaps(from, to)).toList();
  }

  boolean change() {
    return all.size() > 1;
  }

  @Override
  public String toString() {
    return all.stream()
        .map(r -> "%d calls a minute from %s to %s".formatted(r.calls(), r.at(), r.end()))
        .toList()
        .toString();
  }
}
