package dev.signrelay.simulation;

/** Ends what a process does at an effect that it must not have any more. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("the process is dead, or its invocation has ended", null, false, false);
  }
}
