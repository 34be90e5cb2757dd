package dev.signrelay.simulation;

import dev.signrelay.app.Services;
import dev.signrelay.aws.ClientPrimer;
import dev.signrelay.job.Job;
import dev.signrelay.job.Job.NeedsCallback;
import dev.signrelay.job.Job.NeedsSignature;
import dev.signrelay.queue.JobCodec;
import dev.signrelay.request.ClientKeys;
import dev.signrelay.secret.Secret;
import java.net.URI;
import java.util.List;

/** One invocation of a function: its process, its jobs, and services that fail. */
final class Invocation {

  final World world;
  final SimulatedProcess process;
  final List<Progress> jobs;
  private boolean idIsUsed;
  private boolean ended;

  /**
   * @param jobs that of a request, or those of the messages that are received, in their order
   */
  Invocation(World world, SimulatedProcess process, List<Progress> jobs) {
    this.world = world;
    this.process = process;
    this.jobs = jobs;
  }

  Services services() {
    return new Services(
        process.config(),
        process,
        event -> trace("log: %s %s %s", event.level(), event.name(), event.fields()),
        new Secret.Fixed<>(ClientKeys.NONE),
        new FaultyUpstream(this),
        new FaultyReceiver(this),
        process.limiter(),
        new FaultyQueues(this),
        new FaultyLine(this),
        new FaultyJobTable(this),
        new ClientPrimer(() -> {}),
        new Services.Platform(world.random, this::id, process::restart));
  }

  /** The first id of a request is its own. */
  String id() {
    ClientRequest request = idIsUsed || jobs.isEmpty() ? null : jobs.getFirst().request;
    idIsUsed = true;
    return request == null || request.key() != null ? world.id() : request.id();
  }

  /** A message is received. Returns its body with the tag of its job, which is the last one now. */
  String receives(String messageId, String body, boolean redriven) {
    Job job = RecordTag.add(jobs.size(), JobCodec.decode(body));
    if (redriven) {
      world.records.beginsAnew(job.id());
      jobs.add(Progress.ofMessage(messageId, History.fresh(job), job.fresh(world.time.instant())));
    } else {
      jobs.add(Progress.ofMessage(messageId, world.invariants.history(messageId), job));
    }
    return JobCodec.encode(job);
  }

  /** The progress of the job with a message, or with its signature. */
  Progress of(String message) {
    return jobs.get(RecordTag.index(message));
  }

  /** The progress of the job with a callback URL. */
  Progress of(URI callbackUrl) {
    return of(callbackUrl.toString());
  }

  Progress of(Job job) {
    URI url = job.acceptance().callbackUrl();
    if (url != null) {
      return of(url);
    }
    return switch (job) {
      case NeedsSignature unsigned -> of(unsigned.message());
      case NeedsCallback signed -> of(signed.signature());
    };
  }

  /** To be called before and after each effect. Does not return if it must have no more effects. */
  void step(CrashPoint point) {
    requireNotEnded();
    process.step(point);
    requireNotEnded();
  }

  private void requireNotEnded() {
    if (ended) {
      throw new Crash();
    }
  }

  /** The function has returned. Steps that still run are interrupted at their next effect. */
  void end() {
    ended = true;
  }

  /** Whether a fault of the process explains that any message fails. */
  boolean isStruck() {
    return process.wasFrozen() || process.isClockWrong() || process.isDead();
  }

  /** Whether a fault explains that a message fails. */
  boolean isAffected(String messageId) {
    return isStruck() || jobs.stream().anyMatch(j -> messageId.equals(j.messageId) && j.affected);
  }

  /** Adds a line to the trace, unless the process is dead. */
  void trace(String what, Object... details) {
    if (!process.isDead()) {
      world.trace.add(process.name(), what, details);
    }
  }
}
