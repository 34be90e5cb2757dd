package dev.signrelay.simulation;

import static java.util.Locale.ROOT;

import dev.signrelay.RetryHandler;
import dev.signrelay.job.JobQueue;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.simulation.SimulatedQueue.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** RetryFunction, one process after another. */
final class FaultyRetryFunction {

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final String name;
  private final boolean isForSigning;
  private final World world;
  private SimulatedProcess process;

  FaultyRetryFunction(JobQueue queue, int number, World world) {
    this.name = queue.name().toLowerCase(ROOT) + "-" + number;
    this.isForSigning = queue == JobQueue.RETRY;
    this.world = world;
    this.process = new SimulatedProcess(name, world);
  }

  /**
   * Invokes the function with a batch.
   *
   * @return the ids of the messages that failed; empty: the invocation failed
   */
  Optional<Set<String>> invoke(List<Message> batch) {
    world.trace.add(name, "receives %s", batch);
    if (world.faults.occurs(Fault.THROTTLE)) {
      return failed(batch, Fault.THROTTLE.name());
    }
    if (isForSigning && world.incidents.strike(Incident.RETRY_THROTTLED)) {
      return failed(batch, Incident.RETRY_THROTTLED.name());
    }
    process = process.next();
    process.begin(TIMEOUT);
    Set<String> failedIds = process(batch);
    if (world.mutation == Mutation.ACKNOWLEDGE_BEFORE_SEND) {
      return Optional.of(Set.of());
    }
    if (process.isDead()) {
      return failed(batch, "is dead, and reports nothing");
    }
    return world.faults.occurs(Fault.DELETE_FAILED)
            || world.incidents.strike(Incident.RECEIVES_DOWN, Incident.QUEUES_DOWN)
        ? failed(batch, Fault.DELETE_FAILED.name())
        : Optional.of(failedIds);
  }

  /** Runs the function. Returns the ids of the messages that it reports as failed. */
  private Set<String> process(List<Message> batch) {
    var invocation = new Invocation(world, process, new ArrayList<>());
    var records = new ArrayList<Message>();
    for (Message message : batch) {
      String body = invocation.receives(message.id(), message.body(), message.isRedriven());
      records.add(message.withBody(body));
    }
    var function =
        new LambdaFunction(
            "RetryFunction", new RetryHandler(invocation.services()), TIMEOUT, process);
    Set<String> failedIds;
    try {
      failedIds = SimulatedEventSource.invoke(function, records);
    } catch (Crash _) {
      failedIds = Set.of();
    }
    invocation.end();
    try {
      process.step(CrashPoint.BEFORE_THE_REPORT);
    } catch (Crash _) {
      world.trace.add(name, "has no report");
    }
    for (Progress job : invocation.jobs) {
      String id = Objects.requireNonNull(job.messageId);
      world.invariants.processed(invocation, job, id, !failedIds.contains(id));
    }
    return failedIds;
  }

  private Optional<Set<String>> failed(List<Message> batch, String how) {
    world.trace.add(name, how);
    batch.forEach(message -> world.invariants.affect(message.id()));
    return Optional.empty();
  }
}
