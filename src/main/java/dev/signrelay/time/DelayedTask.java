package dev.signrelay.time;

/** A task that runs after a delay, unless it is closed before. */
@FunctionalInterface
public interface DelayedTask extends AutoCloseable {

  /** Does not stop a task that has begun. */
  @Override
  void close();
}
