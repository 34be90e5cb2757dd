package dev.signrelay.upstream;

import dev.signrelay.job.Grant;
import dev.signrelay.job.SigningOutcome;
import dev.signrelay.secret.SecretUnavailableException;
import java.time.Duration;
import java.util.Optional;

/** Signs messages at the upstream. */
public interface Signer {

  /**
   * Reads the API key if it has to be read, before a grant is taken for a call. By default, the
   * signer needs no key.
   *
   * @param limit how long that may take
   * @throws SecretUnavailableException if the API key is unknown
   */
  default void prepare(Duration limit) {}

  /**
   * Makes one upstream call. Connects at once, and sends the request while the grant is valid or
   * not at all. A failure of the upstream or the network is an outcome, not an exception.
   *
   * @param timeout limits the whole exchange, the wait for the grant included
   * @return empty if the connection was not established before the grant expired: nothing was sent
   * @throws SecretUnavailableException if the API key has never been read
   */
  Optional<SigningOutcome> sign(String message, Duration timeout, Grant grant);
}
