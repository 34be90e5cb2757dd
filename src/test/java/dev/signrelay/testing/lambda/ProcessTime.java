package dev.signrelay.testing.lambda;

import java.time.Duration;

/**
 * A moment in the life of a function's process.
 *
 * @param nanos of {@link System#nanoTime}
 * @param cpu processor time that the process has used by then
 */
public record ProcessTime(long nanos, Duration cpu) {

  /** Before the process is started. */
  public static ProcessTime beforeStart() {
    return new ProcessTime(System.nanoTime(), Duration.ZERO);
  }

  public Span until(ProcessTime end) {
    return new Span((end.nanos - nanos) / 1e6, end.cpu.minus(cpu).toNanos() / 1e6);
  }

  /** What lies between two moments, in ms: on the wall's clock and on the processor's. */
  public record Span(double wall, double cpu) {}
}
