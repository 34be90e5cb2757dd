package dev.signrelay.simulation;

/** Unwinds a thread of a dead process at its next effect. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("the process is dead, or its invocation has ended", null, false, false);
  }
}
