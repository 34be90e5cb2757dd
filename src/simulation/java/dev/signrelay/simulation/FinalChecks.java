package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.DELIVERED_ONCE;
import static dev.signrelay.simulation.Invariant.EVERY_JOB_ENDS;
import static dev.signrelay.simulation.Invariant.NO_JOB_LOST;
import static dev.signrelay.simulation.Invariant.PROMISE_KEPT;

import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.queue.JobCodec;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Checks the invariants that concern a whole run. */
record FinalChecks(World world) {

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

  /** The faults after which a request with a key is answered anew. */
  private static final Set<Fault> UNRECORDED = EnumSet.of(Fault.RECORDS_FAILED, Fault.CLOCK_STEP);

  private static final Set<Incident> UNRECORDED_INCIDENTS =
      EnumSet.of(
          Incident.RECORDS_DOWN, Incident.TABLE_DOWN, Incident.TABLE_SILENT, Incident.TABLE_SLOW);

  /**
   * @param ended whether no event is left
   */
  void check(boolean ended) {
    world.invariants.require(ended, EVERY_JOB_ENDS, "there are jobs left after four days");
    if (ended) {
      Set<String> endedJobs = endedJobs();
      world.clients.accepted.forEach(
          (id, request) -> {
            if (!world.operator.purged.contains(id)) {
              checkEnd(request, endedJobs.contains(id));
            }
          });
    }
    world.limits.check(world.upstream.calls);
    world.live.check("the end");
    checkDeliveries();
  }

  private void checkEnd(ClientRequest request, boolean ended) {
    if (request.callbackUrl() != null) {
      world.invariants.require(ended, NO_JOB_LOST, "%s was accepted", request);
      return;
    }
    JobRecord known = world.records.of(request.id());
    boolean isSigned = known != null && known.signature() != null;
    boolean isOver = known != null && known.status().isOver();
    world.invariants.require(
        isSigned || isOver && ended || mayBeUnrecorded(request.id(), ended),
        PROMISE_KEPT,
        "%s was accepted, and its record is %s",
        request,
        known);
  }

  /**
   * SQS dead-lettered the job itself, or its dead letter could not be recorded, or its signature
   * for long, or the key was reserved by a process with a wrong clock.
   */
  private boolean mayBeUnrecorded(String id, boolean ended) {
    return world.idempotency.isClockWrong(id)
        || ended && world.records.unwrittenFailures.contains(id)
        || world.queues.deadLetters.stream()
            .anyMatch(
                letter -> letter.job() instanceof NeedsCallback && letter.job().id().equals(id))
        || undeliverable().anyMatch(id::equals);
  }

  /** The ids of the jobs that are delivered or dead-lettered. */
  private Set<String> endedJobs() {
    var ids = new HashSet<String>();
    world.deliveries.forEach(delivery -> ids.add(delivery.id()));
    world.queues.deadLetters.forEach(letter -> ids.add(letter.job().id()));
    undeliverable().forEach(ids::add);
    return ids;
  }

  /** Received five times, and a fault occurred each time: that is the reason. */
  private Stream<String> undeliverable() {
    return world.queues.all().stream()
        .flatMap(queue -> queue.undeliverable.stream())
        .map(letter -> JobCodec.decode(letter.message().body()).id());
  }

  /** Whether a fault occurred after which something is repeated. */
  static boolean mayRepeat(World world) {
    return !Collections.disjoint(world.faults.occurred, REPEATING)
        || !Collections.disjoint(world.incidents.occurred, REPEATING_INCIDENTS)
        || world.scenario.config().records().enabled() && mayRepeatUnrecorded(world);
  }

  private static boolean mayRepeatUnrecorded(World world) {
    return !Collections.disjoint(world.faults.occurred, UNRECORDED)
        || !Collections.disjoint(world.incidents.occurred, UNRECORDED_INCIDENTS);
  }

  /** Of the runs without any of these faults. */
  private void checkDeliveries() {
    if (mayRepeat(world)) {
      return;
    }
    var delivered = new HashSet<String>();
    world.deliveries.forEach(
        delivery ->
            world.invariants.require(
                delivered.add(delivery.id()), DELIVERED_ONCE, "%s again", delivery.id()));
  }
}
