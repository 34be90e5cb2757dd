package dev.signrelay.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes what the script {@code ops} needs to start Java without Maven: the JDK and the class path
 * that Maven has chosen.
 */
final class LaunchFiles {

  private LaunchFiles() {}

  /**
   * @param args the folder
   */
  static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    Files.writeString(folder.resolve("java-home"), System.getProperty("java.home") + "\n");
    String classPath = System.getProperty("java.class.path").replace("\\", "\\\\");
    // Last: by its time the script knows what has changed since.
    Files.writeString(folder.resolve("arguments"), "-classpath \"" + classPath + "\"\n");
  }
}
