package dev.signrelay.ops;

/** The command failed. The message says what to do, in one to three lines. */
final class OpsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OpsException(String message) {
    super(message);
  }
}
