package dev.signrelay.callback;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells receivers how their jobs ended. */
public interface CallbackSender {

  /**
   * Makes one delivery. Never throws for what the receiver or the network does.
   *
   * @param id the job's, by which a receiver tells duplicates
   * @param signature null: there is none, and the job is given up. A receiver that takes this for
   *     the one delivery of the job would miss the signature of a redriven one, so it goes under an
   *     id of its own.
   * @param timeout over the whole delivery
   */
  DeliveryOutcome deliver(URI url, String id, @Nullable String signature, Duration timeout);
}
