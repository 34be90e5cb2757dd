package dev.signrelay.queue;

/** A queue message is not a job. The message states the defect without quoting the text. */
public final class MalformedJobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedJobException(String message) {
    super(message);
  }
}
