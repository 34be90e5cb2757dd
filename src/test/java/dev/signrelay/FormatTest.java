package dev.signrelay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FormatTest {

  @Test
  void everyJavaFileIsFormatted() throws IOException {
    List<Path> files = Format.javaFiles();
    assertThat(files).isNotEmpty();
    assertThat(files.parallelStream().filter(FormatTest::isUnformatted))
        .as("to be formatted with: mvn test-compile exec:exec@format")
        .isEmpty();
  }

  private static boolean isUnformatted(Path file) {
    try {
      return !Format.formatted(file).equals(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
