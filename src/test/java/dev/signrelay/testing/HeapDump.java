package dev.signrelay.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All objects of a Java process, unreachable ones included, as {@code jcmd} writes them.
 *
 * @param file in the format HPROF, without compression
 */
public record HeapDump(Path file) {

  /**
   * Dumps the heap of a process.
   *
   * @param file must not exist
   */
  public static HeapDump of(long pid, Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    jcmd(pid, "GC.heap_dump", "-all", absolute.toString());
    return new HeapDump(absolute);
  }

  /** Executes a command of {@code jcmd} for a process and returns what it prints. */
  static String jcmd(long pid, String... command) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    line.add("-J-Dsun.tools.attach.attachTimeout=60000");
    line.add(Long.toString(pid));
    line.addAll(List.of(command));
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("jcmd failed: " + printed);
    }
    return printed;
  }

  /** Whether a text in ASCII is in a string, or in an array of bytes or chars. */
  public boolean contains(String ascii) throws IOException {
    String heap = Files.readString(file, StandardCharsets.ISO_8859_1);
    return Stream.of(
            StandardCharsets.US_ASCII, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)
        .map(charset -> new String(ascii.getBytes(charset), StandardCharsets.ISO_8859_1))
        .anyMatch(heap::contains);
  }
}
