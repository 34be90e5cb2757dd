package dev.signrelay.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes what the scripts {@code local} and {@code ops} need to start Java without Maven: the JDK
 * that Maven has chosen, and an argument file of the {@code java} command for each of them.
 */
final class LaunchFiles {

  /** The C1 compiler and the serial collector start fastest. */
  private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private LaunchFiles() {}

  /**
   * @param args the folder
   */
  static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    Files.writeString(folder.resolve("java-home"), System.getProperty("java.home") + "\n");
    write(
        folder.resolve("local"),
        // Scala and Netty in the servers use Unsafe and native access.
        "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow",
        "dev.signrelay.local.cli.LocalMain");
    write(folder.resolve("ops"), "", "dev.signrelay.ops.Ops");
  }

  private static void write(Path file, String options, String mainClass) throws IOException {
    Files.write(
        file,
        List.of(
            QUICK_START,
            options,
            quoted(
                "-D" + LocalPorts.PROPERTY + "=" + file.resolveSibling("ports").toAbsolutePath()),
            "-classpath " + quoted(System.getProperty("java.class.path")),
            mainClass));
  }

  private static String quoted(String option) {
    return '"' + option.replace("\\", "\\\\") + '"';
  }
}
