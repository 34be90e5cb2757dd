package dev.signrelay.secret;

/** Holds the texts of secrets. */
@FunctionalInterface
public interface SecretStore {

  /**
   * Reads a secret's current text. Blocks without a limit, until it is interrupted.
   *
   * @throws SecretUnavailableException if the store refuses or fails the request
   */
  String read(String arn);
}
