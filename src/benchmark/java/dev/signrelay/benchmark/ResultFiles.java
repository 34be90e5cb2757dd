package dev.signrelay.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The results as JSON, Markdown and a chart. */
record ResultFiles(Results results) {

  private static final String BEGIN = "<!-- results -->\n";
  private static final String END = "<!-- end of results -->\n";

  /** Writes {@code results.json}, {@code results.md} and {@code chart.svg}. */
  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("results.json"), json());
    Files.writeString(folder.resolve("results.md"), markdown());
    Files.writeString(folder.resolve("chart.svg"), new Chart(results.sections()).svg());
  }

  /**
   * Puts the results between the marks of {@code performance.md}, and the chart beside it.
   *
   * @throws IllegalStateException if the marks are not there
   */
  void writeDocs(Path folder) throws IOException {
    Path page = folder.resolve("performance.md");
    String text = Files.readString(page);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException(page + " does not mark where the results go");
    }
    Files.writeString(
        page,
        text.substring(0, begin + BEGIN.length()) + "\n" + markdown() + "\n" + text.substring(end));
    Files.writeString(folder.resolve("performance.svg"), new Chart(results.sections()).svg());
  }

  String markdown() {
    var text = new StringBuilder();
    text.append(results.verdict()).append(" Measured ").append(results.circumstances());
    text.append(".\n");
    for (Section section : results.sections()) {
      text.append('\n').append(new TextTable(section).markdown());
    }
    return text.toString();
  }

  String json() throws IOException {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("circumstances", results.circumstances());
    root.put("sections", results.sections().stream().map(ResultFiles::section).toList());
    return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static Map<String, Object> section(Section section) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("title", section.title());
    json.put("note", section.note());
    List<Map<String, Object>> figures =
        section.figures().stream().map(ResultFiles::figure).toList();
    json.put("figures", figures);
    return json;
  }

  private static Map<String, Object> figure(Figure figure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", figure.name());
    json.put("value", figure.value());
    json.put("unit", figure.unit());
    if (figure.beside() != null) {
      json.put("beside", figure.beside().name());
      json.put("besideValue", figure.beside().value());
      json.put(figure.beside().by().name().toLowerCase(Locale.ROOT), figure.judged());
    }
    if (figure.target() != null) {
      json.put("target", figure.targetText());
      json.put("met", figure.target().isMetBy(figure.judged()));
    }
    return json;
  }
}
