package dev.signrelay.testing.lambda;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;

/**
 * Resources that another process uses, on Linux. The processor time is read from the process's
 * clock, in nanoseconds: {@link ProcessHandle} and {@code /proc} have only hundredths of a second,
 * too coarse for one request.
 */
public record ProcessMeter(long pid) {

  /** The clock of all threads of a process, past and present: clock_getcpuclockid(3). */
  private static final int SCHED_CLOCK = 2;

  @SuppressWarnings("restricted") // the build allows it by name
  private static final MethodHandle CLOCK_GETTIME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  /** User and system time since the start of the process. */
  public Duration cpu() {
    int clock = ((int) ~pid << 3) | SCHED_CLOCK;
    try (var arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      int failed = (int) CLOCK_GETTIME.invokeExact(clock, time);
      if (failed != 0) {
        throw new IllegalStateException("process " + pid + " has exited");
      }
      return Duration.ofSeconds(
          time.getAtIndex(ValueLayout.JAVA_LONG, 0), time.getAtIndex(ValueLayout.JAVA_LONG, 1));
    } catch (Throwable e) { // declared by the method handle
      throw new IllegalStateException("The processor time of a process cannot be read", e);
    }
  }
}
