package dev.signrelay.simulation;

import dev.signrelay.RetryHandler;
import dev.signrelay.local.LambdaFunction;
import dev.signrelay.simulation.SimulatedEventSource.RetryProcess;
import dev.signrelay.simulation.SimulatedQueue.Message;
import java.time.Duration;
import java.util.List;

/** RetryFunction, one process after another. */
final class FaultyRetryFunction implements RetryProcess {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final FaultWorld world;
  private List<Message> batch = List.of();
  private SimulatedProcess process;
  private boolean throttled;

  FaultyRetryFunction(String name, FaultWorld world) {
    this.name = name;
    this.world = world;
    this.process = new SimulatedProcess(name, world, world.table);
  }

  @Override
  public boolean begins(List<Message> messages) {
    batch = messages;
    world.trace.say(name, "receives %s", messages);
    throttled = world.faults.strike(Fault.THROTTLE);
    if (throttled) {
      return failed(Fault.THROTTLE.name());
    }
    if (process.isDead()) {
      process = new SimulatedProcess(name, world, world.table);
    }
    process.begin(TIMEOUT);
    return true;
  }

  @Override
  public boolean finishes(Message message) {
    var invocation =
        new Invocation(world, process, message.id(), world.invariants.history(message.id()));
    var handler = new RetryHandler(world.mutation.of(invocation));
    boolean finished =
        SimulatedEventSource.finishes(
            new LambdaFunction("RetryFunction", handler, TIMEOUT, process), List.of(message));
    if (invocation.isStruck()) {
      world.invariants.strike(message.id());
    } else {
      new FailureNoticeChecker(world.invariants, world.scenario.config()).finished(invocation);
    }
    world.invariants.require(
        finished || invocation.isStruck(),
        Invariant.NOTHING_UNEXPECTED,
        "%s was not finished, and nothing was in the way",
        message);
    return finished || world.mutation == Mutation.ACKNOWLEDGE_BEFORE_SEND;
  }

  @Override
  public boolean isReported() {
    if (throttled) {
      return false;
    }
    if (world.mutation == Mutation.ACKNOWLEDGE_BEFORE_SEND) {
      return true;
    }
    if (process.isDead()) {
      return failed("is dead, and reports nothing");
    }
    return !world.faults.strike(Fault.DELETE_FAILED) || failed(Fault.DELETE_FAILED.name());
  }

  private boolean failed(String how) {
    world.trace.say(name, how);
    batch.forEach(message -> world.invariants.strike(message.id()));
    return false;
  }
}
