package dev.signrelay.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The figures of one run.
 *
 * @param conditions date, machine and number of measurements, in one line
 * @param tables the figures of each table, in order
 */
record Results(String conditions, Map<Table, List<Figure>> tables) {

  /** A table of {@code docs/performance.md}, between two markers with its name. */
  enum Table {
    TARGETS,
    FIRST_MINUTE,
    COST;

    private String marker() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final List<String> COLUMNS = List.of("", "measured", "comparison", "target");
  private static final String ALIGNMENT = "|---|--:|--:|--:|\n";

  /** Padded, so that it can be read on a console too. */
  private static final String ROW = "| %-56s | %14s | %20s | %18s |\n";

  /** Writes {@code results.json} and {@code results.md}. */
  void write(Path folder) throws IOException {
    new JsonMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(folder.resolve("results.json").toFile(), this);
    Files.writeString(folder.resolve("results.md"), markdown());
  }

  /**
   * Replaces tables in a Markdown page.
   *
   * @throws IllegalStateException if the page has no markers for one of them
   */
  void writeDocs(Path page, Set<Table> replaced) throws IOException {
    String text = Files.readString(page);
    for (Table table : replaced) {
      String begin = "<!-- " + table.marker() + " -->\n";
      String end = "<!-- end of " + table.marker() + " -->";
      if (!text.contains(begin) || !text.contains(end)) {
        throw new IllegalStateException(page + " has no markers for the table " + table.marker());
      }
      text =
          text.substring(0, text.indexOf(begin) + begin.length())
              + "\n%s\nMeasured %s.\n\n".formatted(markdown(table), conditions)
              + text.substring(text.indexOf(end));
    }
    Files.writeString(page, text);
  }

  /** All tables, and how many targets are met. */
  String markdown() {
    return tables.keySet().stream().map(this::markdown).collect(Collectors.joining("\n"))
        + "\n%s Measured %s.\n".formatted(verdict(), conditions);
  }

  private String markdown(Table table) {
    return row(COLUMNS)
        + ALIGNMENT
        + tables.getOrDefault(table, List.of()).stream()
            .map(figure -> row(figure.cells()))
            .collect(Collectors.joining());
  }

  private static String row(List<String> cells) {
    return ROW.formatted(cells.toArray());
  }

  /** How many targets are met, in a sentence. */
  String verdict() {
    List<Figure> figures =
        tables.values().stream()
            .flatMap(List::stream)
            .filter(figure -> figure.target() != null)
            .toList();
    return "%d of %d targets are met."
        .formatted(figures.stream().filter(Figure::isMet).count(), figures.size());
  }
}
