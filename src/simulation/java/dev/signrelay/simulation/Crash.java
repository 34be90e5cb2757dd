package dev.signrelay.simulation;

/** The end of a process. No handler catches it, nor may it go on if it did. */
final class Crash extends Error {
  private static final long serialVersionUID = 1L;

  Crash() {
    super("the process is dead", null, false, false);
  }
}
