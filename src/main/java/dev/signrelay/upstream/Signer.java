package dev.signrelay.upstream;

import java.time.Duration;

/** Signs messages, or says why it could not. */
public interface Signer {

  /**
   * Makes one attempt. Never throws for what the upstream or the network does.
   *
   * @param timeout over the whole attempt
   */
  SigningOutcome sign(String message, Duration timeout);
}
