package dev.signrelay.upstream;

import dev.signrelay.job.SigningOutcome;
import java.time.Duration;
import java.time.Instant;

/** Signs messages at the upstream. */
public interface Signer {

  /**
   * Makes one upstream call. Does not throw for failures of the upstream or the network.
   *
   * @param timeout limits the whole exchange
   * @param sendBefore the request is sent before this time or not at all
   */
  SigningOutcome sign(String message, Duration timeout, Instant sendBefore);
}
