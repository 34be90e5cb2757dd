package dev.signrelay.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The figures of one run.
 *
 * @param conditions date, machine and number of measurements, in one line
 */
record Results(String conditions, List<Section> sections) {

  private static final Pattern DOCS_RESULTS =
      Pattern.compile("(?s)(?<=<!-- results -->\n).*(?=<!-- end of results -->)");

  private static final List<String> COLUMNS =
      List.of("", "measured", "baseline", "comparison", "target", "met (used)");

  private static final String ALIGNMENT = "|---|--:|---|--:|--:|---|\n";

  /** Padded, so that it can be read on a console too. */
  private static final String ROW = "| %-56s | %14s | %-28s | %10s | %12s | %-10s |\n";

  /**
   * Figures of one subject.
   *
   * @param note how to read them; may be empty
   */
  record Section(String title, String note, List<Figure> figures) {

    String markdown() {
      String head = "%n### %s%n%n%s".formatted(title, note.isEmpty() ? "" : note + "\n\n");
      var text = new StringBuilder(head).append(row(COLUMNS)).append(ALIGNMENT);
      figures.forEach(figure -> text.append(row(figure.cells())));
      return text.toString();
    }

    private static String row(List<String> cells) {
      return ROW.formatted(cells.toArray());
    }
  }

  /** Writes {@code results.json} and {@code results.md}. */
  void write(Path folder) throws IOException {
    new JsonMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("results.json").toFile(), this);
    Files.writeString(folder.resolve("results.md"), markdown());
  }

  /**
   * Replaces the results in a Markdown page.
   *
   * @throws IllegalStateException if the page has no markers for the results
   */
  void writeDocs(Path page) throws IOException {
    Matcher results = DOCS_RESULTS.matcher(Files.readString(page));
    if (!results.find()) {
      throw new IllegalStateException(page + " has no markers for the results");
    }
    String replacement = Matcher.quoteReplacement("\n" + markdown() + "\n");
    Files.writeString(page, results.replaceFirst(replacement));
  }

  String markdown() {
    return "%s Measured %s.\n".formatted(verdict(), conditions)
        + sections.stream().map(Section::markdown).collect(Collectors.joining());
  }

  /** How many targets are met, in a sentence. */
  String verdict() {
    List<Figure> figures =
        sections.stream()
            .flatMap(section -> section.figures.stream())
            .filter(figure -> figure.target() != null)
            .toList();
    return "%d of %d targets are met."
        .formatted(figures.stream().filter(Figure::isMet).count(), figures.size());
  }
}
