package dev.signrelay.ops;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ports of the local run that was started last. While it runs they are in a file, so that the
 * tool finds them.
 */
public record LocalPorts(int sqs, int dynamoDb) {

  static final LocalPorts DEFAULT = new LocalPorts(9324, 8000);

  /** The system property that names the file. Without it there is none. */
  static final String PROPERTY = "signrelay.ports";

  /** Writes the file. If that fails, the ports have to be given as options. */
  public void write() {
    Path file = file();
    try {
      if (file != null) {
        Files.write(file, List.of(Integer.toString(sqs), Integer.toString(dynamoDb)));
      }
    } catch (IOException _) {
      // A former file may name other ports; the error of a command says so.
    }
  }

  /** Deletes the file, unless another run has written it. */
  public void delete() {
    Path file = file();
    try {
      if (file != null && read().equals(this)) {
        Files.deleteIfExists(file);
      }
    } catch (IOException _) {
      // The next run replaces it.
    }
  }

  /** The ports in the file; without one, those that the local run has by default. */
  static LocalPorts read() {
    Path file = file();
    try {
      List<String> ports = file == null ? List.of() : Files.readAllLines(file);
      return new LocalPorts(Integer.parseInt(ports.get(0)), Integer.parseInt(ports.get(1)));
    } catch (IOException | IndexOutOfBoundsException | NumberFormatException _) {
      return DEFAULT;
    }
  }

  private static @Nullable Path file() {
    String name = System.getProperty(PROPERTY);
    return name == null ? null : Path.of(name);
  }
}
