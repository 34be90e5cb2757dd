package dev.signrelay.testing.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What is in the heap of another JVM of ours. */
public final class HeapCount {

  private HeapCount() {}

  /** How many objects of a class are reachable. */
  public static long of(Class<?> type, long pid) throws IOException, InterruptedException {
    Process jcmd =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    "-J-Dsun.tools.attach.attachTimeout=60000",
                    Long.toString(pid),
                    "GC.class_histogram"))
            .redirectErrorStream(true)
            .start();
    List<String> lines = jcmd.inputReader(StandardCharsets.UTF_8).lines().toList();
    if (jcmd.waitFor() != 0) {
      throw new IllegalStateException("jcmd failed: " + lines);
    }
    return lines.stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(columns -> columns.length >= 4 && columns[3].equals(type.getName()))
        .mapToLong(columns -> Long.parseLong(columns[1]))
        .sum();
  }
}
