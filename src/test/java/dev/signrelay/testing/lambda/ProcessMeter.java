package dev.signrelay.testing.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What another process of ours, on Linux, has used. {@code /proc} only tells processor time in
 * hundredths of a second, too coarse for one request; the process's own clock has nanoseconds.
 */
public record ProcessMeter(long pid) {

  /** See clock_getcpuclockid(3): the process's clock, of all its threads that ever were. */
  private static final int SCHED_CLOCK = 2;

  @SuppressWarnings("restricted") // the build allows it by name
  private static final MethodHandle CLOCK_GETTIME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  /** User and system time since the process began. */
  public Duration cpu() {
    int clock = ((int) ~pid << 3) | SCHED_CLOCK;
    try (var arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      int failed = (int) CLOCK_GETTIME.invokeExact(clock, time);
      if (failed != 0) {
        throw new IllegalStateException("process " + pid + " is gone");
      }
      return Duration.ofSeconds(
          time.getAtIndex(ValueLayout.JAVA_LONG, 0), time.getAtIndex(ValueLayout.JAVA_LONG, 1));
    } catch (Throwable e) { // what a method handle declares
      throw new IllegalStateException("The processor time of a process cannot be read", e);
    }
  }

  /** Resident memory in MB of 1,000,000 bytes. */
  public double residentMegabytes() {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    try (var lines = Files.lines(status)) {
      return lines
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
              .findFirst()
              .orElseThrow()
          * 1_024
          / 1e6;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
