package dev.signrelay.benchmark;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The figures of one run.
 *
 * @param conditions date, machine and number of measurements, in one line
 */
record Results(String conditions, List<Section> sections) {

  private static final Pattern DOCS_RESULTS =
      Pattern.compile("(?s)(?<=<!-- results -->\n).*(?=<!-- end of results -->)");

  private static final long BAR_LENGTH = 20;

  /**
   * Figures of one subject.
   *
   * @param note how to read them; may be empty
   */
  record Section(String title, String note, List<Figure> figures) {

    String markdown() {
      var text = new StringBuilder("\n### " + title + "\n\n");
      if (!note.isEmpty()) {
        text.append(note).append("\n\n");
      }
      text.append(row("", "measured", "baseline", "comparison", "target", "met"));
      text.append("|---|--:|---|--:|--:|---|\n");
      for (Figure figure : figures) {
        text.append(
            row(
                figure.name(),
                figure.valueText(),
                figure.baselineText(),
                figure.comparisonText(),
                figure.targetText(),
                figure.metText()));
      }
      return text.toString();
    }

    private static String row(Object... cells) {
      return String.format("| %-56s | %14s | %-26s | %10s | %12s | %-3s |%n", cells);
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
    var text = new StringBuilder("%s Measured %s.\n".formatted(verdict(), conditions));
    text.append("\n### Targets\n\n| | measured | target | used | |\n|---|--:|--:|--:|---|\n");
    for (Section section : sections) {
      for (Figure figure : section.figures()) {
        Double used = figure.targetUsed();
        if (used != null) {
          text.append(
              String.format(
                  Locale.ROOT,
                  "| %s: %s | %s | %s | %.0f %% | `%s` |\n",
                  section.title(),
                  figure.name(),
                  figure.judgedText(figure.judged()),
                  figure.targetText(),
                  used * 100,
                  bar(used)));
        }
      }
    }
    sections.forEach(section -> text.append(section.markdown()));
    return text.toString();
  }

  /** How many targets are met, in a sentence. */
  String verdict() {
    List<Boolean> met =
        sections.stream()
            .flatMap(section -> section.figures().stream())
            .filter(figure -> figure.target() != null)
            .map(Figure::met)
            .toList();
    return "%d of %d targets are met.".formatted(met.stream().filter(m -> m).count(), met.size());
  }

  private static String bar(double used) {
    int filled = (int) Math.clamp(Math.round(used * BAR_LENGTH), 0, BAR_LENGTH);
    return "█".repeat(filled) + "░".repeat((int) BAR_LENGTH - filled);
  }
}
