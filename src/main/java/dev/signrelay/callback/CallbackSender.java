package dev.signrelay.callback;

import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.secret.SecretUnavailableException;
import java.net.URI;
import java.time.Duration;

/**
 * Sends callbacks to receivers. If the receiver, the network or a read of keys fails, an attempt
 * returns that as its outcome. A {@code timeout} limits the whole call.
 */
public interface CallbackSender {

  /**
   * Reads the keys, if they have to be read. The default implementation needs no keys.
   *
   * @param limit how long the reads may take
   * @throws SecretUnavailableException if the keys are unknown
   */
  default void prepare(Duration limit) {}

  /**
   * Makes one attempt to deliver a signature.
   *
   * @param id the job's id, with which a receiver recognizes duplicates
   */
  DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout);

  /**
   * Makes one attempt to notify a receiver that a job was dead-lettered.
   *
   * @param id the job's id. The notice has an id derived from it, so that a receiver that
   *     recognizes duplicates by id accepts the signature after a redrive.
   * @param reason the code of a dead letter's reason
   */
  DeliveryOutcome notifyFailure(URI url, String id, String reason, Duration timeout);
}
