package dev.signrelay.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** How the tool finds the local run. */
@Isolated
final class LocalPortsTest {

  @TempDir private Path folder;

  @BeforeEach
  void nameTheFile() {
    System.setProperty(LocalPorts.PROPERTY, folder.resolve("ports").toString());
  }

  @AfterEach
  void reset() {
    System.clearProperty(LocalPorts.PROPERTY);
  }

  @Test
  void thePortsAreThoseOfTheLastRunWhileItRuns() throws IOException {
    assertThat(LocalPorts.read()).isEqualTo(new LocalPorts(9324, 8000));
    var first = new LocalPorts(10_000, 10_001);
    var last = new LocalPorts(20_000, 20_001);

    first.write();
    last.write();
    assertThat(LocalPorts.read()).isEqualTo(last);

    first.delete();
    assertThat(LocalPorts.read()).isEqualTo(last);
    last.delete();
    assertThat(LocalPorts.read()).isEqualTo(LocalPorts.DEFAULT);
  }

  @Test
  void aFileThatIsIncompleteIsNotUsed() throws IOException {
    for (String content : new String[] {"", "9324", "many\nmore"}) {
      Files.writeString(folder.resolve("ports"), content);
      assertThat(LocalPorts.read()).isEqualTo(LocalPorts.DEFAULT);
    }
  }
}
