package dev.signrelay.testing.lambda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;

/**
 * A point in time of a function's process, on Linux.
 *
 * @param nanos the value of {@link System#nanoTime}
 * @param cpu the processor time that the process has used so far, as user and in the system
 */
public record ProcessTime(long nanos, Duration cpu) {

  /** The clock of all threads of a process, past and present: clock_getcpuclockid(3). */
  private static final int SCHED_CLOCK = 2;

  @SuppressWarnings("restricted") // the build allows it by name
  private static final MethodHandle CLOCK_GETTIME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  /** The current time, before the process is started. */
  static ProcessTime beforeStart() {
    return new ProcessTime(System.nanoTime(), Duration.ZERO);
  }

  /**
   * The current time of a process. Its clock has nanoseconds: {@link ProcessHandle} and {@code
   * /proc} have only hundredths of a second, too coarse for one request.
   */
  static ProcessTime of(long pid) {
    int clock = ((int) ~pid << 3) | SCHED_CLOCK;
    try (var arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      int failed = (int) CLOCK_GETTIME.invokeExact(clock, time);
      if (failed != 0) {
        throw new IllegalStateException("process " + pid + " has exited");
      }
      return new ProcessTime(
          System.nanoTime(),
          Duration.ofSeconds(
              time.getAtIndex(ValueLayout.JAVA_LONG, 0),
              time.getAtIndex(ValueLayout.JAVA_LONG, 1)));
    } catch (Throwable e) { // declared by the method handle
      throw new IllegalStateException("The processor time of a process cannot be read", e);
    }
  }

  public Span until(ProcessTime end) {
    return new Span((end.nanos - nanos) / 1e6, end.cpu.minus(cpu).toNanos() / 1e6);
  }

  /** The wall-clock and processor time between two points, in ms. */
  public record Span(double wall, double cpu) {}
}
