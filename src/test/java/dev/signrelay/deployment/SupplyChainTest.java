package dev.signrelay.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.local.Template;
import dev.signrelay.testing.RuntimeJars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** What CI and the build run of others is fixed, and gets no more rights than it needs. */
final class SupplyChainTest {

  static List<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(".github/workflows"))) {
      return files.sorted().toList();
    }
  }

  /** A tag can be moved; a commit cannot. */
  @ParameterizedTest
  @MethodSource("workflows")
  void everyActionIsPinnedToACommitWithItsVersion(Path workflow) throws IOException {
    assertThat(Files.readAllLines(workflow))
        .filteredOn(line -> line.contains("uses:"))
        .isNotEmpty()
        .allMatch(
            line -> line.matches(" +(- )?uses: [\\w./-]+@[0-9a-f]{40} # v\\d+(\\.\\d+\\.\\d+)?"));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void aCheckoutLeavesNoTokenForTheBuild(Path workflow) throws IOException {
    for (Map<String, Object> job : jobs(workflow).values()) {
      for (Object step : (List<?>) job.get("steps")) {
        if (((String) Template.map(step).getOrDefault("uses", ""))
            .startsWith("actions/checkout@")) {
          assertThat(Template.map(Template.map(step).get("with")))
              .containsEntry("persist-credentials", false);
        }
      }
    }
  }

  /** Only the release's last job may write. A job with rights has no sources that it could run. */
  @ParameterizedTest
  @MethodSource("workflows")
  void aWorkflowMayOnlyReadUnlessItPublishes(Path workflow) throws IOException {
    assertThat(yaml(workflow)).containsEntry("permissions", Map.of("contents", "read"));
    jobs(workflow)
        .forEach(
            (name, job) -> {
              if (job.containsKey("permissions")) {
                if (!name.equals("publish")) {
                  assertThat(Template.map(job.get("permissions")).values()).containsOnly("read");
                }
                assertThat(job.get("steps").toString()).doesNotContain("actions/checkout");
              }
            });
  }

  @Test
  void everyJarOfThePackageHasItsRecordedChecksum() throws IOException {
    List<String> recorded = Files.readAllLines(Path.of(".mvn/checksums/checksums.sha256"));

    for (Path jar : RuntimeJars.read().files()) {
      String checksum = RuntimeJars.sha256(jar);
      assertThat(recorded)
          .as("record the checksums, see docs/dependencies.md")
          .anyMatch(line -> line.startsWith(checksum) && line.endsWith("/" + jar.getFileName()));
    }
  }

  @Test
  void theBuildVerifiesTheRecordedChecksums() throws IOException {
    assertThat(Files.readAllLines(Path.of(".mvn/maven.config")))
        .contains(
            "--strict-checksums",
            "-Daether.trustedChecksumsSource.summaryFile=true",
            "-Daether.artifactResolver.postProcessor.trustedChecksums=true");
  }

  @SuppressWarnings("unchecked") // jobs are mappings by name
  private static Map<String, Map<String, Object>> jobs(Path workflow) throws IOException {
    return (Map<String, Map<String, Object>>) (Map<?, ?>) Template.map(yaml(workflow).get("jobs"));
  }

  private static Map<String, Object> yaml(Path workflow) throws IOException {
    return new Yaml().load(Files.readString(workflow));
  }
}
