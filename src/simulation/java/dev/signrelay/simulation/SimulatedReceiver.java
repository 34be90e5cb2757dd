package dev.signrelay.simulation;

import dev.signrelay.callback.CallbackSender;
import dev.signrelay.job.DeliveryOutcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Receivers that accept every callback. Failure notices may hang. */
final class SimulatedReceiver implements CallbackSender {

  record Delivery(Instant at, String id, String signature) {}

  private static final Duration FASTEST = Duration.ofMillis(20);
  private static final Duration SLOWEST = Duration.ofMillis(300);

  private final VirtualTime time;
  private final SeededRandom random;
  private final List<Delivery> deliveries = new ArrayList<>();
  private boolean noticesHang;

  SimulatedReceiver(VirtualTime time, SeededRandom random) {
    this.time = time;
    this.random = random;
  }

  @Override
  public DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout) {
    time.sleep(random.between(FASTEST, SLOWEST));
    deliveries.add(new Delivery(time.instant(), id, signature));
    return new DeliveryOutcome.Delivered("http-204");
  }

  @Override
  public DeliveryOutcome notifyFailure(URI url, String id, String reason, Duration timeout) {
    if (noticesHang) {
      time.sleep(timeout);
      return new DeliveryOutcome.Undelivered("timeout", null);
    }
    time.sleep(random.between(FASTEST, SLOWEST));
    return new DeliveryOutcome.Delivered("http-204");
  }

  /** Lets failure notices hang until their timeout. */
  void hangOnNotices() {
    noticesHang = true;
  }

  List<Delivery> deliveries() {
    return deliveries;
  }
}
