package dev.signrelay.telemetry;

/** The log. */
@FunctionalInterface
public interface EventLog {

  /** Safe for use by several threads. */
  void write(LogEvent event);
}
