package dev.signrelay.dispatch;

/**
 * A lane failed unexpectedly. States the exception's class and place, but not its message, which
 * may quote what must not be logged.
 */
final class LaneFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LaneFailedException(Throwable e) {
    super(
        "a lane failed: %s at %s"
            .formatted(
                e.getClass().getName(),
                e.getStackTrace().length == 0 ? "an unknown place" : e.getStackTrace()[0]));
  }
}
