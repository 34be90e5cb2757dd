package dev.signrelay.priming;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that are restored from one snapshot: {@link CopiedProcessMain}. */
@EnabledOnOs(OS.LINUX)
final class CopiedProcessIT {

  @TempDir private Path folder;

  @Test
  void copiesOfAProcessGenerateDifferentIdsJitterAndTlsRandoms() throws Exception {
    Path printed = folder.resolve("printed");
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xint",
            "-XX:+UseSerialGC",
            "-Xmn256m",
            "-Djavax.net.ssl.trustStore=NONE",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            CopiedProcessMain.class.getName());
    Process process =
        builder
            .redirectOutput(printed.toFile())
            .redirectError(Redirect.to(folder.resolve("errors").toFile()))
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }

    List<String> lines = Files.readAllLines(printed, StandardCharsets.UTF_8);
    assertThat(lines).as(Files.readString(folder.resolve("errors"))).hasSize(2);
    String[] one = lines.getFirst().split(" ");
    String[] other = lines.getLast().split(" ");
    assertThat(one).hasSize(4);
    // The seeded generator shows that the copies have the same memory.
    assertThat(other[0]).isEqualTo(one[0]);
    for (int i = 1; i < one.length; i++) {
      assertThat(other[i]).isNotEqualTo(one[i]);
    }
  }
}
