package dev.signrelay.upstream;

import java.time.Duration;
import java.time.Instant;

/** Signs messages, or says why it could not. */
public interface Signer {

  /**
   * Makes one attempt. Never throws for what the upstream or the network does.
   *
   * @param timeout over the whole attempt
   * @param sendBefore the request goes on the wire before then, or not at all
   */
  SigningOutcome sign(String message, Duration timeout, Instant sendBefore);
}
