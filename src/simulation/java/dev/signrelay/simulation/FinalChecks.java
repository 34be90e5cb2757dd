package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.CHAIN_ENDS;
import static dev.signrelay.simulation.Invariant.LIMIT_KEPT;
import static dev.signrelay.simulation.Invariant.NO_JOB_LOST;

import dev.signrelay.queue.JobCodec;
import dev.signrelay.simulation.SimulatedUpstream.Call;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What can be said when a run is over.
 *
 * @param accepted the messages of the jobs that were accepted, by their ids
 */
record FinalChecks(FaultWorld world, Map<String, String> accepted) {

  /**
   * @param ended whether nothing happens any more
   */
  void reach(boolean ended) {
    world.invariants.require(ended, CHAIN_ENDS, "jobs are still on their way after four days");
    Set<String> ends = ends();
    accepted.forEach(
        (id, message) ->
            world.invariants.require(
                !ended || ends.contains(id), NO_JOB_LOST, "%s, accepted as %s", message, id));
    judgeLimit(world.upstream.calls());
  }

  /** The ids of the jobs that came to an end. */
  private Set<String> ends() {
    var ends = new HashSet<String>();
    world.receiver.deliveries().forEach(delivery -> ends.add(delivery.id()));
    world.queue.dead().forEach(dead -> ends.add(dead.job().id()));
    // Received five times, and each time a fault struck: that is the reason.
    world.queue.undeliverable().forEach(m -> ends.add(JobCodec.decode(m.body()).id()));
    return ends;
  }

  private void judgeLimit(List<Call> calls) {
    int most = world.scenario.config().upstream().callsPerMinute();
    for (int i = most; i < calls.size(); i++) {
      Call first = calls.get(i - most);
      Call last = calls.get(i);
      world.invariants.require(
          !last.at().isBefore(first.at().plus(SimulatedUpstream.WINDOW)),
          LIMIT_KEPT,
          "%d calls from %s to %s",
          most + 1,
          first.at(),
          last.at());
    }
  }
}
