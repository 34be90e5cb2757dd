package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.ONE_JOB_PER_KEY;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that a key stays that of its first request, and that its repeats make no second job. A
 * second copy of the job is allowed if the first one was not confirmed or not recorded, or if the
 * process died that stored it; or if a clock is wrong, by which the lease ends early.
 */
final class IdempotencyChecker {

  private record Answering(SimulatedProcess process, Progress progress) {

    /** A process that is frozen may have reached Lambda's timeout. */
    boolean isStruck() {
      return progress.affected || process.wasFrozen();
    }
  }

  private static final int KEY_REUSED = 422;
  private static final int UNAVAILABLE = 503;

  private final World world;
  private final Map<String, ClientRequest> made = new HashMap<>();
  private final Map<String, List<Answering>> answering = new HashMap<>();
  private final Set<String> excused = new HashSet<>();
  private final Set<String> wrongClocks = new HashSet<>();
  private final Set<String> stored = new HashSet<>();

  IdempotencyChecker(World world) {
    this.world = world;
  }

  /** The request that made a job, or will; null: there is none. */
  @Nullable ClientRequest of(String id) {
    return made.get(id);
  }

  /** A function begins to answer a request. */
  void begins(SimulatedProcess process, Progress progress, ClientRequest request) {
    if (request.key() == null) {
      made.put(request.id(), request);
      return;
    }
    answering
        .computeIfAbsent(request.id(), _ -> new ArrayList<>())
        .add(new Answering(process, progress));
    if (process.isClockWrong()) {
      excused.add(request.id());
      wrongClocks.add(request.id());
    }
  }

  /** The table has reserved a key, whether or not the function is told. */
  void reserved(Progress progress) {
    ClientRequest request = progress.request;
    if (request != null) {
      ClientRequest first = made.putIfAbsent(request.id(), request);
      world.invariants.require(
          first == null || first.equals(request),
          ONE_JOB_PER_KEY,
          "the key of %s is reserved for %s",
          first,
          request);
    }
  }

  /** Whether a key was reserved by a wrong clock, so that the record may be another copy's. */
  boolean isClockWrong(String id) {
    return wrongClocks.contains(id);
  }

  /** The process that answered a request has died. */
  void died(ClientRequest request) {
    excused.add(request.id());
  }

  /** The queue has stored the job of a request. */
  void stored(Progress progress) {
    ClientRequest request = progress.request;
    if (request != null && request.key() != null) {
      world.invariants.require(
          stored.add(request.id()) || isExcused(request.id()),
          ONE_JOB_PER_KEY,
          "a second copy of %s is stored",
          request);
    }
  }

  private boolean isExcused(String id) {
    return excused.contains(id)
        || answering.getOrDefault(id, List.of()).stream().anyMatch(Answering::isStruck);
  }

  /** A client receives a response. */
  void answers(ClientRequest request, int status) {
    if (request.key() == null) {
      return;
    }
    ClientRequest first = made.getOrDefault(request.id(), request);
    world.invariants.require(
        status == UNAVAILABLE || (status == KEY_REUSED) != first.equals(request),
        ONE_JOB_PER_KEY,
        "%s is answered with %d, and the key is that of %s",
        request,
        status,
        first);
  }
}
