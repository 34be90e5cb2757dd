package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every class that the documentation names exists. */
final class NamedClassesTest {

  /** {@code BackoffTest}, {@code retry.Backoff} or {@code app/Config.java}. */
  private static final Pattern NAME =
      Pattern.compile(
          "`(?:(?:\\w+/)*(\\w+)\\.java|(?:[a-z]+\\.)+([A-Z]\\w+)"
              + "|([A-Z]\\w*(?:Test|IT|Contract))(?:#(\\w+))?)`");

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(
              Stream.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("SECURITY.md")),
              docs.filter(page -> page.toString().endsWith(".md")))
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyClassThatAPageNamesExists(Path page) throws IOException {
    Set<String> named =
        NAME.matcher(Files.readString(page))
            .results()
            .map(
                match ->
                    Stream.of(match.group(1), match.group(2), match.group(3))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(CLASSES).containsAll(named);
  }

  private static final Set<String> CLASSES = classes();

  private static Set<String> classes() {
    try (Stream<Path> files =
        Stream.concat(Files.walk(Path.of("src")), Files.list(Path.of("examples")))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.replace(".java", ""))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
