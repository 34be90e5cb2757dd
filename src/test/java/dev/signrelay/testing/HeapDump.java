package dev.signrelay.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
  public static HeapDump of(long pid, Path file) throws IOException, InterruptedException {
    Path absolute = file.toAbsolutePath();
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var builder =
        new ProcessBuilder(
            jcmd,
            "-J-Dsun.tools.attach.attachTimeout=60000",
            Long.toString(pid),
            "GC.heap_dump",
            "-all",
            absolute.toString());
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0 || !Files.isRegularFile(absolute)) {
      throw new IOException("jcmd wrote no heap dump: " + printed);
    }
    return new HeapDump(absolute);
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
