package dev.signrelay.simulation;

import dev.signrelay.callback.CallbackSender;
import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.job.DeliveryOutcome.Delivered;
import dev.signrelay.job.DeliveryOutcome.Forbidden;
import dev.signrelay.job.DeliveryOutcome.Gone;
import dev.signrelay.job.DeliveryOutcome.Undelivered;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;

/** Callbacks that can fail: at the receiver, or on the way back. */
record FaultyReceiver(Invocation invocation) implements CallbackSender {

  /** A callback that a receiver has accepted. */
  record Delivery(Instant at, String id, String signature) {}

  private static final double GONE = 0.02;
  private static final Duration FASTEST = Duration.ofMillis(20);
  private static final Duration SLOWEST = Duration.ofMillis(300);

  @Override
  public DeliveryOutcome notifyFailure(URI url, String id, String reason, Duration timeout) {
    invocation.step(CrashPoint.BEFORE_A_DELIVERY);
    World world = invocation.world;
    world.invariants.notifies(invocation.of(url), id);
    world.time.sleep(world.noticesHang ? timeout : world.random.between(Duration.ZERO, SLOWEST));
    DeliveryOutcome outcome =
        world.noticesHang || deliveryFails()
            ? new Undelivered("http-503", world.retryAfter())
            : new Delivered("http-204");
    invocation.trace("notify %s: %s", id, outcome.code());
    invocation.step(CrashPoint.AFTER_A_DELIVERY);
    return outcome;
  }

  @Override
  public DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout) {
    invocation.step(CrashPoint.BEFORE_A_DELIVERY);
    Progress progress = invocation.of(url);
    progress.history = progress.history.afterDelivery();
    String plain = RecordTag.remove(signature);
    invocation.world.invariants.delivers(invocation, progress, url, id, plain);
    DeliveryOutcome outcome = outcome(id, plain, timeout);
    invocation.trace("deliver %s: %s", id, outcome.code());
    invocation.step(CrashPoint.AFTER_A_DELIVERY);
    switch (outcome) {
      case Undelivered undelivered ->
          progress.fail(invocation.process.instant(), undelivered.retryAfter());
      case Delivered _ -> progress.secured = true;
      case Gone _, Forbidden _ -> {}
    }
    return outcome;
  }

  private DeliveryOutcome outcome(String id, String signature, Duration timeout) {
    World world = invocation.world;
    if (world.faults.occurs(Fault.RECEIVER_HANGS)) {
      world.time.sleep(timeout);
      return new Undelivered("timeout", null);
    }
    if (deliveryFails()) {
      world.time.sleep(world.random.between(Duration.ZERO, SLOWEST));
      return world.random.getAsDouble() < GONE
          ? new Gone("http-410")
          : new Undelivered("http-503", world.retryAfter());
    }
    world.time.sleep(world.random.between(FASTEST, SLOWEST));
    world.deliveries.add(new Delivery(world.time.instant(), id, signature));
    return world.faults.occurs(Fault.RECEIPT_LOST)
        ? new Undelivered("timeout", null)
        : new Delivered("http-204");
  }

  private boolean deliveryFails() {
    World world = invocation.world;
    return world.random.getAsDouble() < world.scenario.deliveryFails();
  }
}
