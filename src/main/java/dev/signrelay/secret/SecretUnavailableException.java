package dev.signrelay.secret;

import org.jspecify.annotations.Nullable;

/** A secret could not be read. The message says why, and quotes no secret. */
public final class SecretUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public SecretUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
