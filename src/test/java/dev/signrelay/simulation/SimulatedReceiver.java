package dev.signrelay.simulation;

import dev.signrelay.callback.CallbackSender;
import dev.signrelay.callback.DeliveryOutcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Receivers that take every callback. */
final class SimulatedReceiver implements CallbackSender {

  record Delivery(Instant at, String id, String signature) {}

  private static final Duration FASTEST = Duration.ofMillis(20);
  private static final Duration SLOWEST = Duration.ofMillis(300);

  private final VirtualTime time;
  private final Chance chance;
  private final List<Delivery> deliveries = new ArrayList<>();

  SimulatedReceiver(VirtualTime time, Chance chance) {
    this.time = time;
    this.chance = chance;
  }

  @Override
  public DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout) {
    time.sleep(chance.between(FASTEST, SLOWEST));
    deliveries.add(new Delivery(time.instant(), id, signature));
    return new DeliveryOutcome.Delivered("http-204");
  }

  List<Delivery> deliveries() {
    return deliveries;
  }
}
