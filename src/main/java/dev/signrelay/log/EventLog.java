package dev.signrelay.log;

/** Takes note of what happens. */
@FunctionalInterface
public interface EventLog {

  /** Safe for use by several threads. */
  void write(LogEvent event);
}
