package dev.signrelay.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class VersionTest {

  @Test
  void theVersionIsThePoms() throws IOException {
    assertThat(Files.readString(Path.of("pom.xml")))
        .contains("<version>" + Version.current() + "</version>");
  }

  @Test
  void eachBuildIsNewCodeForItContainsItsTime() throws IOException {
    try (var built = Version.class.getResourceAsStream("built.txt")) {
      assertThat(new String(built.readAllBytes(), StandardCharsets.UTF_8))
          .containsPattern("Built 20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
    }
    assertThat(Files.readString(Path.of("samconfig.toml"))).contains("cached = false");
  }
}
