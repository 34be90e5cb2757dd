package dev.signrelay.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.testing.RuntimeJars;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Does what {@code sam build} does: it copies the project without {@code .git} and {@code
 * .aws-sam}, runs Maven in the copy twice, and packages {@code target/classes} and {@code
 * target/dependency} (AWS Lambda Builders, {@code JavaMavenWorkflow}).
 */
final class SamBuildIT {

  private static final Set<String> NOT_COPIED = Set.of(".git", ".aws-sam", "target");

  @TempDir private static Path folder;

  private static Path target;
  private static String log;

  @BeforeAll
  static void build() throws Exception {
    Path project = folder.resolve("a copy");
    copy(Path.of("").toAbsolutePath(), project);
    target = project.resolve("target");
    log = maven(project, "clean", "install");
    log += maven(project, "dependency:copy-dependencies", "-DincludeScope=runtime");
  }

  @Test
  void nothingButTheFunctionsIsCompiledAndNothingIsInstalled() {
    assertThat(target.resolve("applications")).doesNotExist();
    assertThat(target.resolve("test-classes")).doesNotExist();
    assertThat(log)
        .doesNotContain("Running dev.signrelay", "Tests run:")
        .contains("Skipping artifact installation");
  }

  @Test
  void theFunctionsAreThoseOfTheBuild() throws IOException {
    assertThat(files(target.resolve("classes"))).isEqualTo(files(Path.of("target/classes")));
  }

  @Test
  void theJarsAreThoseOfTheRuntime() throws IOException {
    assertThat(files(target.resolve("dependency")))
        .containsExactlyElementsOf(
            RuntimeJars.read().files().stream().map(jar -> jar.getFileName().toString()).toList());
  }

  private static String maven(Path project, String... arguments) throws Exception {
    var command = new ArrayList<>(List.of("mvn", "--batch-mode"));
    // As Surefire passes it on, in case this build has a repository of its own.
    String repository = System.getProperty("localRepository");
    if (repository != null) {
      command.add("-Dmaven.repo.local=" + repository);
    }
    Collections.addAll(command, arguments);
    Process maven =
        new ProcessBuilder(command).directory(project.toFile()).redirectErrorStream(true).start();
    String output = new String(maven.getInputStream().readAllBytes());
    assertThat(maven.waitFor()).as("%s%n%s", command, output).isZero();
    return output;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            from, entry -> !NOT_COPIED.contains(entry.getFileName().toString()))) {
      for (Path entry : entries) {
        try (Stream<Path> files = Files.walk(entry)) {
          for (Path file : files.toList()) {
            Files.copy(file, to.resolve(from.relativize(file)));
          }
        }
      }
    }
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
