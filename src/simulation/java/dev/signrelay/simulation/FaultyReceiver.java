package dev.signrelay.simulation;

import dev.signrelay.callback.CallbackSender;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import java.net.URI;
import java.time.Duration;

/** The way to a receiver and back. */
record FaultyReceiver(Invocation invocation) implements CallbackSender {

  private static final double GONE = 0.02;
  private static final Duration SLOWEST = Duration.ofMillis(300);

  @Override
  public DeliveryOutcome notifyFailure(URI url, String id, Duration timeout) {
    invocation.process().step(CrashPoint.BEFORE_A_DELIVERY);
    FaultWorld world = invocation.world();
    new FailureNoticeChecker(world.invariants, world.scenario.config()).notified(invocation, id);
    world.time.sleep(world.random.between(Duration.ZERO, SLOWEST));
    boolean fails = world.random.getAsDouble() < world.scenario.deliveryFails();
    DeliveryOutcome outcome =
        fails ? new Undelivered("http-503", world.retryAfter()) : new Delivered("http-204");
    invocation.say("notify %s: %s", id, outcome.code());
    invocation.process().step(CrashPoint.AFTER_A_DELIVERY);
    return outcome;
  }

  @Override
  public DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout) {
    invocation.process().step(CrashPoint.BEFORE_A_DELIVERY);
    Progress progress = invocation.progress();
    progress.reach(progress.history().afterDelivery());
    invocation.world().invariants.delivers(invocation, id, SimulatedUpstream.messageOf(signature));
    DeliveryOutcome outcome = outcome(url, id, signature, timeout);
    invocation.say("deliver %s: %s", id, outcome.code());
    invocation.process().step(CrashPoint.AFTER_A_DELIVERY);
    switch (outcome) {
      case Undelivered undelivered -> progress.fail(undelivered.retryAfter());
      case Delivered _, Gone _, Forbidden _ -> {}
    }
    return outcome;
  }

  private DeliveryOutcome outcome(URI url, String id, String signature, Duration timeout) {
    FaultWorld world = invocation.world();
    if (world.random.getAsDouble() < world.scenario.deliveryFails()) {
      world.time.sleep(world.random.between(Duration.ZERO, SLOWEST));
      return world.random.getAsDouble() < GONE
          ? new Gone("http-410")
          : new Undelivered("http-503", world.retryAfter());
    }
    DeliveryOutcome outcome = world.receiver.deliver(url, id, signature, timeout);
    return world.faults.strike(Fault.RECEIPT_LOST) ? new Undelivered("timeout", null) : outcome;
  }
}
