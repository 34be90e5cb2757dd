package dev.signrelay.queue;

/** A queue message that is not a job; says what is wrong without quoting it. */
public final class MalformedJobException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  MalformedJobException(String message) {
    super(message);
  }
}
