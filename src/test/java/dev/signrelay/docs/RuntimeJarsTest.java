package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.RuntimeJars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class RuntimeJarsTest {

  @Test
  void thePageListsEveryJarThatTravelsToLambdaWithItsSize() throws IOException {
    String page = Files.readString(Path.of("docs/dependencies.md"));
    String section = page.substring(page.indexOf("\n## Jars\n"));
    String table = section.substring(section.indexOf("| jar |"), section.indexOf("\n\n## ") + 1);

    assertThat(table).isEqualTo(RuntimeJars.read().table());
  }
}
