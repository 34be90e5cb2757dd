package dev.signrelay.callback;

import java.net.URI;
import java.time.Duration;

/** Delivers signatures to their receivers. */
public interface CallbackSender {

  /**
   * Makes one delivery. Never throws for what the receiver or the network does.
   *
   * @param id the same over all deliveries of one job, so that a receiver can tell duplicates
   * @param timeout over the whole delivery
   */
  DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout);
}
