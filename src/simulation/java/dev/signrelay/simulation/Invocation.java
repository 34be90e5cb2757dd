package dev.signrelay.simulation;

import dev.signrelay.app.Services;
import dev.signrelay.aws.ClientPrimer;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a function for one job, with fakes that fail.
 *
 * @param messageId the queue's, of the message that is handled; null: a request is
 */
record Invocation(
    FaultWorld world, SimulatedProcess process, @Nullable String messageId, Progress progress) {

  Invocation(
      FaultWorld world, SimulatedProcess process, @Nullable String messageId, History history) {
    this(world, process, messageId, new Progress(history));
  }

  Services services() {
    var config = world.scenario.config();
    return new Services(
        config,
        new FaultyUpstream(this),
        new FaultyReceiver(this),
        process.limiter(),
        new FaultyQueue(this),
        new ClientPrimer(() -> {}),
        process,
        world.random,
        world::id,
        line -> say("log: %s %s %s", line.level(), line.name(), line.fields()));
  }

  /** Whether a fault struck this very invocation, so that the job may have to be handled again. */
  boolean isStruck() {
    return progress.struck() || process.wasFrozen() || process.isDead();
  }

  /** Says so in the trace. */
  void struck(Fault fault) {
    progress.strike();
    world.trace.say(process.name(), fault.name());
  }

  /** Nothing, if the process is dead: what it still tries to do has no effect. */
  void say(String what, Object... details) {
    if (!process.isDead()) {
      world.trace.say(process.name(), what, details);
    }
  }
}
