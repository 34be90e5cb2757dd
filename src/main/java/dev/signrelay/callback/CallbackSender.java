package dev.signrelay.callback;

import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.secret.SecretUnavailableException;
import java.net.URI;
import java.time.Duration;

/** Sends callbacks to receivers. */
public interface CallbackSender {

  /**
   * Gets what a callback needs. By default, nothing is needed.
   *
   * @param limit how long that may take
   * @throws SecretUnavailableException if the signing secret is unknown
   */
  default void prepare(Duration limit) {}

  /**
   * Delivers a signature once. Does not throw for failures of the receiver or the network.
   *
   * @param id the job's id, with which a receiver recognizes duplicates
   * @param timeout for the whole exchange, from connecting to the end of the reply
   */
  DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout);

  /**
   * Notifies a receiver once that a job was dead-lettered. Does not throw for failures of the
   * receiver or the network.
   *
   * @param id the job's id. The notice has an id derived from it, so that a receiver that
   *     recognizes duplicates by id accepts the signature after a redrive.
   * @param reason why: the code of a dead letter's reason
   * @param timeout for the whole exchange, from connecting to the end of the reply
   */
  DeliveryOutcome notifyFailure(URI url, String id, String reason, Duration timeout);
}
