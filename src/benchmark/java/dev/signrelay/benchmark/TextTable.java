package dev.signrelay.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A section as rows of text: on the console with spaces, in Markdown with bars. */
record TextTable(Section section) {

  private static final List<String> HEAD =
      List.of("", "measured", "beside", "makes", "target", "met");

  private List<List<String>> rows() {
    return section.figures().stream()
        .map(
            f ->
                List.of(
                    f.name(),
                    f.valueText(),
                    f.besideText(),
                    f.comparisonText(),
                    f.targetText(),
                    f.metText()))
        .toList();
  }

  /** In columns as wide as they have to be. */
  String aligned() {
    List<List<String>> all = Stream.concat(Stream.of(HEAD), rows().stream()).toList();
    var widths = new int[HEAD.size()];
    for (List<String> row : all) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    var text = new StringBuilder("\n").append(section.title()).append('\n');
    for (List<String> row : all) {
      var line = new StringBuilder("  ");
      for (int i = 0; i < widths.length; i++) {
        String cell = row.get(i);
        String gap = " ".repeat(widths[i] - cell.length());
        line.append(i == 1 || i == 3 ? gap + cell : cell + gap).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  String markdown() {
    List<String> lines = new ArrayList<>();
    lines.add("### " + section.title());
    lines.add("");
    if (!section.note().isEmpty()) {
      lines.add(section.note());
      lines.add("");
    }
    lines.add("| | measured | beside | makes | target | met |");
    lines.add("|---|--:|---|--:|--:|---|");
    rows().forEach(row -> lines.add("| " + String.join(" | ", row) + " |"));
    return String.join("\n", lines).replace("|  |", "| |").replace("|  |", "| |") + "\n";
  }
}
