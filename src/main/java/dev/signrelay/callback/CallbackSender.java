package dev.signrelay.callback;

import dev.signrelay.job.DeliveryOutcome;
import dev.signrelay.secret.SecretUnavailableException;
import java.net.URI;
import java.time.Duration;

/**
 * Sends callbacks to receivers. Does not throw for failures of a receiver or the network. A timeout
 * is that of the whole exchange, from connecting to the end of the reply.
 */
public interface CallbackSender {

  /**
   * Reads the keys, if they have to be read. By default, none are needed.
   *
   * @param limit how long that may take
   * @throws SecretUnavailableException if the keys are unknown
   */
  default void prepare(Duration limit) {}

  /**
   * Delivers a signature once.
   *
   * @param id the job's id, with which a receiver recognizes duplicates
   */
  DeliveryOutcome deliver(URI url, String id, String signature, Duration timeout);

  /**
   * Notifies a receiver once that a job was dead-lettered.
   *
   * @param id the job's id. The notice has an id derived from it, so that a receiver that
   *     recognizes duplicates by id accepts the signature after a redrive.
   * @param reason the code of a dead letter's reason
   */
  DeliveryOutcome notifyFailure(URI url, String id, String reason, Duration timeout);
}
