package dev.signrelay.testing.lambda;

import java.time.Duration;

/**
 * A point in time of a function's process.
 *
 * @param nanos the value of {@link System#nanoTime}
 * @param cpu the processor time that the process has used so far
 */
public record ProcessTime(long nanos, Duration cpu) {

  /** The current time, before the process is started. */
  public static ProcessTime beforeStart() {
    return new ProcessTime(System.nanoTime(), Duration.ZERO);
  }

  public Span until(ProcessTime end) {
    return new Span((end.nanos - nanos) / 1e6, end.cpu.minus(cpu).toNanos() / 1e6);
  }

  /** The wall-clock and processor time between two points, in ms. */
  public record Span(double wall, double cpu) {}
}
