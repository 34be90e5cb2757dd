package dev.signrelay.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DotEnvTest {

  @TempDir private Path folder;

  @Test
  void aFileHasNamesAndValuesWithCommentsAndQuotes() throws IOException {
    assertThat(read("\uFEFF# comment\n\nexport A=1\nB='x y'\n"))
        .isEqualTo(Map.of("A", "1", "B", "x y"));
  }

  @Test
  void aLineWithoutANameIsRefusedWithItsNumber() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> read("A=1\n=2\n"))
        .withMessageEndingWith(".env, line 2: expected NAME=value");
  }

  @Test
  void aFileInAnotherEncodingAndADirectoryAreRefused() throws IOException {
    Path latin =
        Files.write(folder.resolve(".env"), "A=\u00e9".getBytes(StandardCharsets.ISO_8859_1));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> DotEnv.read(latin))
        .withMessageEndingWith(".env must be in UTF-8");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DotEnv.read(folder))
        .withMessageEndingWith("must be a file");
  }

  private Map<String, String> read(String text) throws IOException {
    return DotEnv.read(Files.writeString(folder.resolve(".env"), text));
  }
}
