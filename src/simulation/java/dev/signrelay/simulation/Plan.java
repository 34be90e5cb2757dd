package dev.signrelay.simulation;

import dev.signrelay.simulation.SimulatedUpstream.Outage;
import java.time.Duration;
import java.time.Instant;

/**
 * What is decided before a run begins.
 *
 * @param faultless whether the run was drawn to have no faults; then its line must keep its rate
 * @param maxSkew by how much the clocks of processes are wrong at most
 * @param runsIdle whether DispatchFunction runs each minute, also if there is no line
 * @param slowestSource the longest time of a message from visible to RetryFunction
 * @param partialReceives whether a receive from the line returns some of what it could
 * @param outage which upstream calls fail
 * @param retryAfter how often a reply that fails has a {@code Retry-After}
 */
record Plan(
    Scenario scenario,
    boolean faultless,
    Duration maxSkew,
    boolean runsIdle,
    Duration slowestSource,
    Faults faults,
    Incidents incidents,
    Releases releases,
    boolean partialReceives,
    Outage outage,
    double retryAfter) {

  private static final Duration MAX_SKEW = Duration.ofMillis(500);
  private static final Duration USUAL_SOURCE = Duration.ofMillis(100);

  /** With a batch window (Lambda developer guide). */
  private static final Duration SLOWEST_SOURCE = Duration.ofSeconds(20);

  private static final double FAULTLESS = 0.1;
  private static final double CHANGES_LIMIT = 0.15;
  private static final double PARTIAL_RECEIVES = 0.2;
  private static final double WITH_RETRY_AFTER = 0.2;

  /** A run in which everything may fail. */
  static Plan drawn(long seed, SeededRandom random, VirtualTime time) {
    Scenario scenario = Scenario.drawn(random, new SeededRandom(~seed));
    boolean faultless = random.getAsDouble() < FAULTLESS;
    Duration slowestSource = random.oneOf(USUAL_SOURCE, Duration.ofSeconds(1), SLOWEST_SOURCE);
    Faults faults = Faults.drawn(random, faultless);
    Incidents incidents = Incidents.drawn(time, random, faultless);
    boolean changes = !faultless && random.getAsDouble() < CHANGES_LIMIT;
    Releases releases = Releases.drawn(random, scenario, changes);
    boolean partialReceives = !faultless && random.getAsDouble() < PARTIAL_RECEIVES;
    return new Plan(
        scenario,
        faultless,
        MAX_SKEW,
        false,
        slowestSource,
        faults,
        incidents,
        releases,
        partialReceives,
        new Outage(_ -> random.getAsDouble() < scenario.signingFails(), Instant.MAX),
        WITH_RETRY_AFTER);
  }

  /** A run without faults, with clocks that are right. Its rate is measured, not checked. */
  static Plan measured(VirtualTime time, Scenario scenario, Releases releases, Outage outage) {
    return new Plan(
        scenario,
        false,
        Duration.ZERO,
        true,
        USUAL_SOURCE,
        Faults.none(),
        Incidents.none(time),
        releases,
        false,
        outage,
        0);
  }
}
