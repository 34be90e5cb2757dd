package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.EVERY_JOB_ENDS;
import static dev.signrelay.simulation.Invariant.LIMIT_KEPT;
import static dev.signrelay.simulation.Invariant.NO_JOB_LOST;

import dev.signrelay.queue.JobCodec;
import dev.signrelay.simulation.SimulatedUpstream.Call;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks the invariants that concern a whole run.
 *
 * @param accepted the messages of the accepted jobs, by the jobs' ids
 */
record FinalChecks(FaultWorld world, Map<String, String> accepted) {

  /**
   * @param ended whether no event is left
   */
  void check(boolean ended) {
    world.invariants.require(ended, EVERY_JOB_ENDS, "there are jobs left after 14 days");
    Set<String> endedJobs = endedJobs();
    accepted.forEach(
        (id, message) ->
            world.invariants.require(
                !ended || endedJobs.contains(id), NO_JOB_LOST, "%s, accepted as %s", message, id));
    checkLimit(world.upstream.calls());
  }

  /** The ids of the jobs that are delivered or dead-lettered. */
  private Set<String> endedJobs() {
    var ids = new HashSet<String>();
    world.receiver.deliveries().forEach(delivery -> ids.add(delivery.id()));
    world.queues.deadLetters().forEach(letter -> ids.add(letter.job().id()));
    // Received five times, and a fault occurred each time: that is the reason.
    for (SimulatedQueue queue : world.queues.all()) {
      queue.undeliverable().forEach(m -> ids.add(JobCodec.decode(m.body()).id()));
    }
    return ids;
  }

  private void checkLimit(List<Call> calls) {
    int limit = world.scenario.config().upstream().callsPerMinute();
    for (int i = limit; i < calls.size(); i++) {
      Call first = calls.get(i - limit);
      Call last = calls.get(i);
      world.invariants.require(
          !last.at().isBefore(first.at().plus(SimulatedUpstream.WINDOW)),
          LIMIT_KEPT,
          "%d calls from %s to %s",
          limit + 1,
          first.at(),
          last.at());
    }
  }
}
