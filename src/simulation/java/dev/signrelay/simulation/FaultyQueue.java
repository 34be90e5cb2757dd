package dev.signrelay.simulation;

import dev.signrelay.job.DeadLetterReason;
import dev.signrelay.job.Job;
import dev.signrelay.queue.RetryQueue;
import java.time.Duration;

/** The way to the queue and back. */
record FaultyQueue(Invocation invocation) implements RetryQueue {

  private static final Duration LATEST = Duration.ofMinutes(2);

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    FaultWorld world = invocation.world();
    world.invariants.sends(invocation, job, delay);
    History history = invocation.progress().history();
    invocation.say("send %s, delay %d ms", job, delay.toMillis());
    store(timeout, () -> world.invariants.stored(world.queue.put(job, delay), history));
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    FaultWorld world = invocation.world();
    world.invariants.deadLettered(invocation, reason);
    invocation.say("dead letter %s, %s", job, reason);
    Progress progress = invocation.progress();
    store(
        timeout,
        () -> {
          world.queue.deadLettered(job, reason);
          progress.deadLettered(reason);
        });
  }

  private void store(Duration timeout, Runnable effect) {
    FaultWorld world = invocation.world();
    invocation.process().step(CrashPoint.BEFORE_A_SEND);
    if (!timeout.isPositive()) {
      throw new QueueUnavailableException("no time", new IllegalStateException());
    }
    if (world.faults.strike(Fault.SEND_FAILED)) {
      throw unavailable(Fault.SEND_FAILED);
    }
    if (world.faults.strike(Fault.SEND_LATE)) {
      world.time.at(world.time.instant().plus(world.random.between(Duration.ZERO, LATEST)), effect);
      QueueUnavailableException unavailable = unavailable(Fault.SEND_LATE);
      world.time.sleep(timeout);
      throw unavailable;
    }
    world.time.sleep(
        world.random.between(SimulatedQueue.LEAST_LATENCY, SimulatedQueue.MOST_LATENCY));
    invocation.process().step(CrashPoint.DURING_A_SEND);
    effect.run();
    if (world.faults.strike(Fault.SEND_UNCONFIRMED)) {
      throw unavailable(Fault.SEND_UNCONFIRMED);
    }
    invocation.process().step(CrashPoint.AFTER_A_SEND);
  }

  private QueueUnavailableException unavailable(Fault fault) {
    invocation.struck(fault);
    return new QueueUnavailableException(fault.name(), new IllegalStateException());
  }
}
