package dev.signrelay.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** SignRelay's version. The build writes it into a resource: Lambda's package has no manifest. */
public final class Version {

  private Version() {}

  public static String current() {
    try (InputStream version = Version.class.getResourceAsStream("version.txt")) {
      if (version == null) {
        throw new IllegalStateException("version.txt is missing beside " + Version.class);
      }
      return new String(version.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
