package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The relative links of the pages resolve, and the classes and tests that they name exist. */
final class DocumentationTest {

  private static final Path README = Path.of("README.md");

  /** {@code BackoffTest#aTest}, {@code retry.Backoff} or {@code app/Config.java}. */
  private static final Pattern CLASS =
      Pattern.compile(
          "`(?:(?:\\w+/)*(\\w+)\\.java|(?:[a-z]+\\.)+([A-Z]\\w+)"
              + "|([A-Z]\\w*(?:Test|IT|Contract))(?:#(\\w+))?)`");

  static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      return Stream.concat(
              Stream.of("README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")
                  .map(Path::of),
              docs.filter(file -> file.toString().endsWith(".md")).sorted())
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyRelativeLinkResolves(Path file) {
    MarkdownPage page = MarkdownPage.read(file);

    assertThat(page.links())
        .filteredOn(link -> !link.matches("[a-z]+:.*"))
        .allSatisfy(link -> resolves(link, page));
  }

  private static void resolves(String link, MarkdownPage page) {
    String[] pathAndAnchor = link.split("#", 2);
    Path target =
        pathAndAnchor[0].isEmpty()
            ? page.file()
            : Path.of("").resolve(page.file()).resolveSibling(pathAndAnchor[0]).normalize();
    assertThat(target).exists();
    if (pathAndAnchor.length == 2) {
      assertThat(MarkdownPage.read(target).anchors()).contains(pathAndAnchor[1]);
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void everyNamedClassAndTestExists(Path page) throws IOException {
    Map<String, Path> sources;
    try (Stream<Path> files =
        Stream.concat(Files.walk(Path.of("src")), Files.list(Path.of("examples")))) {
      sources =
          files.collect(
              Collectors.toMap(file -> file.getFileName().toString(), file -> file, (a, _) -> a));
    }

    for (MatchResult named : CLASS.matcher(Files.readString(page)).results().toList()) {
      String file = name(named) + ".java";
      assertThat(sources).containsKey(file);
      if (named.group(4) != null) {
        assertThat(sources.get(file)).content().contains(" " + named.group(4) + "(");
      }
    }
  }

  private static String name(MatchResult match) {
    return Stream.of(1, 2, 3).map(match::group).filter(Objects::nonNull).findFirst().orElseThrow();
  }

  @Test
  void everyRowOfTheTableOfFaultsNamesATest() throws IOException {
    assertThat(Files.readAllLines(Path.of("docs/faults.md")))
        .filteredOn(line -> line.startsWith("|"))
        .filteredOn(line -> !line.startsWith("|---") && !line.startsWith("| failure |"))
        .hasSizeGreaterThan(25)
        .allMatch(line -> line.matches(".*`\\w+(Test|IT)#\\w+`.*"));
  }

  @Test
  void everyPageIsLinkedFromTheReadme() throws IOException {
    assertThat(MarkdownPage.read(README).links().stream().map(link -> link.split("#")[0]))
        .containsAll(
            pages().stream()
                .filter(file -> !file.equals(README))
                .map(file -> file.toString().replace('\\', '/'))
                .toList());
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(200);
  }

  @Test
  void anchorsAreNamedAsGitHubNamesThem() {
    var page =
        new MarkdownPage(
            README, List.of("# A `b`, c: d_e?", "## 2. [Over](there.md) & out", "## A b c d_e"));

    assertThat(page.anchors()).isEqualTo(Set.of("a-b-c-d_e", "2-over--out", "a-b-c-d_e-1"));
  }
}
