package dev.signrelay.simulation;

import dev.signrelay.Wiring;
import org.jspecify.annotations.Nullable;

/**
 * One invocation of a function for one job, with parts that fail.
 *
 * @param messageId the queue's, of the message that is handled; null: a request is
 */
record Handling(FaultWorld world, Sandbox sandbox, @Nullable String messageId, Progress progress) {

  Handling(FaultWorld world, Sandbox sandbox, @Nullable String messageId, History history) {
    this(world, sandbox, messageId, new Progress(history));
  }

  Wiring wiring() {
    var config = world.scenario.config();
    return new Wiring(
        config,
        new FaultyUpstream(this),
        new FaultyReceiver(this),
        sandbox.limiter(),
        new FaultyQueue(this),
        config.retryPolicy(),
        sandbox,
        sandbox::pause,
        world.chance,
        world::id,
        line -> say("log: %s %s %s", line.level(), line.name(), line.fields()));
  }

  /** Whether a fault struck this very handling, so that the job may have to be handled again. */
  boolean isStruck() {
    return progress.struck() || sandbox.wasFrozen() || sandbox.isDead();
  }

  /** Says so in the trace. */
  void struck(Fault fault) {
    progress.strike();
    world.trace.say(sandbox.name(), fault.name());
  }

  /** Nothing, if the process is dead: what it still tries to do has no effect. */
  void say(String what, Object... details) {
    if (!sandbox.isDead()) {
      world.trace.say(sandbox.name(), what, details);
    }
  }
}
