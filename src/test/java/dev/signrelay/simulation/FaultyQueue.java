package dev.signrelay.simulation;

import dev.signrelay.queue.RetryQueue;
import dev.signrelay.retry.DeadLetterReason;
import dev.signrelay.retry.Job;
import java.time.Duration;

/** The way to the queue and back. */
record FaultyQueue(Handling handling) implements RetryQueue {

  private static final Duration LATEST = Duration.ofMinutes(2);

  @Override
  public void send(Job job, Duration delay, Duration timeout) {
    FaultWorld world = handling.world();
    world.judge.sends(handling, job, delay);
    History history = handling.progress().history();
    handling.say("send %s, delay %d ms", job, delay.toMillis());
    store(timeout, () -> world.judge.stored(world.queue.put(job, delay), history));
  }

  @Override
  public void deadLetter(Job job, DeadLetterReason reason, Duration timeout) {
    FaultWorld world = handling.world();
    world.judge.buries(handling, reason);
    handling.say("dead letter %s, %s", job, reason);
    Progress progress = handling.progress();
    store(
        timeout,
        () -> {
          world.queue.bury(job, reason);
          progress.bury(reason);
        });
  }

  private void store(Duration timeout, Runnable effect) {
    FaultWorld world = handling.world();
    handling.sandbox().step(Moment.BEFORE_A_SEND);
    if (!timeout.isPositive()) {
      throw new QueueUnavailableException("no time", new IllegalStateException());
    }
    if (world.faults.strike(Fault.SEND_FAILED)) {
      throw unavailable(Fault.SEND_FAILED);
    }
    if (world.faults.strike(Fault.SEND_LATE)) {
      world.time.at(world.time.instant().plus(world.chance.between(Duration.ZERO, LATEST)), effect);
      world.time.sleep(timeout);
      throw unavailable(Fault.SEND_LATE);
    }
    world.time.sleep(
        world.chance.between(SimulatedQueue.LEAST_LATENCY, SimulatedQueue.MOST_LATENCY));
    handling.sandbox().step(Moment.DURING_A_SEND);
    effect.run();
    if (world.faults.strike(Fault.SEND_UNCONFIRMED)) {
      throw unavailable(Fault.SEND_UNCONFIRMED);
    }
    handling.sandbox().step(Moment.AFTER_A_SEND);
  }

  private QueueUnavailableException unavailable(Fault fault) {
    handling.struck(fault);
    return new QueueUnavailableException(fault.name(), new IllegalStateException());
  }

  @Override
  public void prepare() {}
}
