package dev.signrelay.simulation;

import dev.signrelay.callback.CallbackSender;
import dev.signrelay.callback.DeliveryOutcome;
import dev.signrelay.callback.DeliveryOutcome.Delivered;
import dev.signrelay.callback.DeliveryOutcome.Forbidden;
import dev.signrelay.callback.DeliveryOutcome.Gone;
import dev.signrelay.callback.DeliveryOutcome.Undelivered;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The way to a receiver and back. */
record FaultyReceiver(Handling handling) implements CallbackSender {

  private static final double GONE = 0.02;
  private static final Duration SLOWEST = Duration.ofMillis(300);

  @Override
  public DeliveryOutcome deliver(URI url, String id, @Nullable String signature, Duration timeout) {
    handling.sandbox().step(Moment.BEFORE_A_DELIVERY);
    return signature == null ? tell(id) : deliverSigned(url, id, signature, timeout);
  }

  /** A notice is no delivery: whatever comes of it, nothing follows. */
  private DeliveryOutcome tell(String id) {
    FaultWorld world = handling.world();
    new Notices(world.judge, world.scenario.config()).tells(handling, id);
    world.time.sleep(world.chance.between(Duration.ZERO, SLOWEST));
    boolean fails = world.chance.getAsDouble() < world.scenario.deliveryFails();
    DeliveryOutcome outcome =
        fails ? new Undelivered("http-503", world.retryAfter()) : new Delivered("http-204");
    handling.say("tell %s: %s", id, outcome.code());
    handling.sandbox().step(Moment.AFTER_A_DELIVERY);
    return outcome;
  }

  private DeliveryOutcome deliverSigned(URI url, String id, String signature, Duration timeout) {
    Progress progress = handling.progress();
    progress.reach(progress.history().afterDelivery());
    handling.world().judge.delivers(handling, id, SimulatedUpstream.messageOf(signature));
    DeliveryOutcome outcome = outcome(url, id, signature, timeout);
    handling.say("deliver %s: %s", id, outcome.code());
    handling.sandbox().step(Moment.AFTER_A_DELIVERY);
    switch (outcome) {
      case Undelivered undelivered -> progress.fail(undelivered.retryAfter());
      case Delivered _, Gone _, Forbidden _ -> {}
    }
    return outcome;
  }

  private DeliveryOutcome outcome(URI url, String id, String signature, Duration timeout) {
    FaultWorld world = handling.world();
    if (world.chance.getAsDouble() < world.scenario.deliveryFails()) {
      world.time.sleep(world.chance.between(Duration.ZERO, SLOWEST));
      return world.chance.getAsDouble() < GONE
          ? new Gone("http-410")
          : new Undelivered("http-503", world.retryAfter());
    }
    DeliveryOutcome outcome = world.receiver.deliver(url, id, signature, timeout);
    return world.faults.strike(Fault.RECEIPT_LOST) ? new Undelivered("timeout", null) : outcome;
  }
}
