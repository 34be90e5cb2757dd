package dev.signrelay.simulation;

import static dev.signrelay.simulation.Invariant.RECORD_HONEST;

import dev.signrelay.jobrecord.JobRecord;
import dev.signrelay.jobrecord.JobStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Checks that no record says more than happened, and that what is over stays so. */
final class RecordChecker {

  private final World world;
  private final Map<String, Integer> calls = new HashMap<>();
  private final Map<String, Integer> deliveries = new HashMap<>();
  private final Set<String> begunAnew = new HashSet<>();

  /** The ids of the jobs of which the table did not confirm that they failed. */
  final Set<String> unwrittenFailures = new HashSet<>();

  RecordChecker(World world) {
    this.world = world;
  }

  /** An upstream call for a job begins. */
  void calls(String id) {
    var _ = calls.merge(id, 1, Integer::sum);
  }

  /** A delivery of a job begins. */
  void delivers(String id) {
    var _ = deliveries.merge(id, 1, Integer::sum);
  }

  /** A job is redriven, or looks so: it was stored late, or sent by a wrong clock. */
  void beginsAnew(String id) {
    begunAnew.add(id);
  }

  /** The record of a job; null: there is none. */
  @Nullable JobRecord of(String id) {
    return world.jobTable(world.time).readRecord(id, Duration.ZERO).orElse(null);
  }

  /** A function sends a record to the table. */
  void sends(Invocation invocation, JobRecord written) {
    String id = written.id();
    require(
        written.attempts() <= calls.getOrDefault(id, 0)
            && written.deliveries() <= deliveries.getOrDefault(id, 0),
        written,
        "there were fewer attempts");
    String signature = written.signature();
    require(signature == null || isSigned(id, signature), written, "it was not signed");
    switch (written.status()) {
      case ANSWERING, WAITING, SIGNING -> {}
      case DELIVERING, SIGNED -> require(signature != null, written, "there is no signature");
      case DELIVERED ->
          require(
              world.deliveries.stream().anyMatch(d -> d.id().equals(id)),
              written,
              "it was not delivered");
      case FAILED, EXPIRED ->
          require(
              invocation.jobs.stream()
                  .anyMatch(job -> job.jobId().equals(id) && job.deadLetter != null),
              written,
              "there is no dead letter");
    }
  }

  /** The table did not confirm a record. */
  void isUnwritten(JobRecord record) {
    if (record.status() == JobStatus.FAILED || record.status() == JobStatus.EXPIRED) {
      unwrittenFailures.add(record.id());
    }
  }

  private boolean isSigned(String id, String signature) {
    ClientRequest made = world.idempotency.of(id);
    return made != null
        && signature.equals(SimulatedUpstream.signatureOf(made.message()))
        && world.upstream.calls.stream()
            .anyMatch(
                call ->
                    call.status() == 200
                        && RecordTag.remove(call.message()).equals(made.message()));
  }

  /** The table applies a write to an item, which may be a record. */
  <T> T applies(String id, Supplier<T> write) {
    JobRecord before = of(id);
    T response = write.get();
    JobRecord after = of(id);
    if (before != null && !before.equals(after) && before.status().isOver()) {
      boolean isLast =
          before.status() == JobStatus.SIGNED || before.status() == JobStatus.DELIVERED;
      boolean isAlive = after == null || !after.status().isOver();
      boolean isSignedCopy =
          after != null && after.signature() != null && FinalChecks.mayRepeat(world);
      require(
          !isLast && (!isAlive || isSignedCopy || begunAnew.contains(id)),
          after,
          "the record said " + before.status().code());
    }
    return response;
  }

  /**
   * Whether a job without a callback URL is over, because its record has the signature. The record
   * may belong to a second copy of the job, of a later request with the same key.
   */
  boolean hasResult(Progress job) {
    JobRecord known = of(job.jobId());
    return job.received != null
        && job.received.acceptance().callbackUrl() == null
        && known != null
        && (known.status() == JobStatus.SIGNED
            || known.acceptedAt().isAfter(job.received.acceptance().at()));
  }

  private void require(boolean holds, @Nullable JobRecord written, String why) {
    world.invariants.require(holds, RECORD_HONEST, "%s is written, but %s", written, why);
  }
}
