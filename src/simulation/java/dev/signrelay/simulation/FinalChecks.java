package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.DELIVERED_ONCE;
import static dev.signrelay.simulation.Invariant.EVERY_JOB_ENDS;
import static dev.signrelay.simulation.Invariant.NO_JOB_LOST;

import dev.signrelay.queue.JobCodec;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Checks the invariants that concern a whole run.
 *
 * @param accepted the messages of the accepted jobs, by the jobs' ids
 */
record FinalChecks(FaultWorld world, Map<String, String> accepted) {

  /** The faults after which a function or SQS repeats what was done. */
  private static final Set<Fault> REPEATING =
      EnumSet.of(
          Fault.DUPLICATE,
          Fault.SEND_UNCONFIRMED,
          Fault.SEND_LATE,
          Fault.LINE_FAILED,
          Fault.DELETE_FAILED,
          Fault.CRASH,
          Fault.FREEZE,
          Fault.RECEIPT_LOST);

  private static final Set<Incident> REPEATING_INCIDENTS =
      EnumSet.of(Incident.RECEIVES_DOWN, Incident.QUEUES_DOWN);

  /**
   * @param ended whether no event is left
   */
  void check(boolean ended) {
    world.invariants.require(ended, EVERY_JOB_ENDS, "there are jobs left after four days");
    Set<String> endedJobs = endedJobs();
    accepted.forEach(
        (id, message) ->
            world.invariants.require(
                !ended || endedJobs.contains(id) || world.operator.purged().contains(id),
                NO_JOB_LOST,
                "%s, accepted as %s",
                message,
                id));
    world.limits.check(world.upstream.calls());
    world.live.check("the end");
    checkDeliveries();
  }

  /** The ids of the jobs that are delivered or dead-lettered. */
  private Set<String> endedJobs() {
    var ids = new HashSet<String>();
    world.receiver.deliveries().forEach(delivery -> ids.add(delivery.id()));
    world.queues.deadLetters().forEach(letter -> ids.add(letter.job().id()));
    // Received five times, and a fault occurred each time: that is the reason.
    for (SimulatedQueue queue : world.queues.all()) {
      queue
          .undeliverable()
          .forEach(letter -> ids.add(JobCodec.decode(letter.message().body()).id()));
    }
    return ids;
  }

  /** Of the runs without any of these faults. */
  private void checkDeliveries() {
    if (!Collections.disjoint(world.faults.occurred(), REPEATING)
        || !Collections.disjoint(world.incidents.occurred(), REPEATING_INCIDENTS)) {
      return;
    }
    var delivered = new HashSet<String>();
    world
        .receiver
        .deliveries()
        .forEach(
            delivery ->
                world.invariants.require(
                    delivered.add(delivery.id()), DELIVERED_ONCE, "%s again", delivery.id()));
  }
}
