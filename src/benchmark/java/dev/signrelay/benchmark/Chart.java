package dev.signrelay.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Every promised figure as a bar: how much of what its target allows was used. Its colours can be
 * read on white and on black.
 *
 * @param sections only their figures that have a target are drawn
 */
record Chart(List<Section> sections) {

  private static final int WIDTH = 880;
  private static final int LEFT = 400;
  private static final int FULL = 280;
  private static final int ROW = 24;
  private static final int BASELINE = 12;
  private static final int TOP = 40;

  /** Bars end there; their number says how far they went. */
  private static final double LONGEST = 1.2;

  private static final String STYLE =
      """
      <style>
        text { font: 12px system-ui, sans-serif; fill: #57606a } .title { font-weight: bold }
        .met { fill: #1a7f5a } .missed { fill: #c2410c } .target { stroke: #57606a; stroke-dasharray: 4 3 }
        @media (prefers-color-scheme: dark) {
          text { fill: #b1bac4 } .met { fill: #3fb68b } .missed { fill: #f0883e } .target { stroke: #b1bac4 }
        }
      </style>
      """;

  String svg() {
    var rows = new StringBuilder();
    int y = TOP;
    for (Section section : sections) {
      List<Figure> promised =
          section.figures().stream().filter(figure -> figure.target() != null).toList();
      if (!promised.isEmpty()) {
        rows.append(
            "<text class=\"title\" x=\"8\" y=\"%d\">%s</text>\n"
                .formatted(y + BASELINE, escaped(section.title())));
        y += ROW;
      }
      for (Figure figure : promised) {
        rows.append(row(figure, y));
        y += ROW;
      }
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" role="img">
    <title>How much of each target is used</title>
    %3$s<text x="%4$d" y="20" text-anchor="middle">target</text>
    %5$s<line class="target" x1="%4$d" x2="%4$d" y1="28" y2="%2$d"/>
    </svg>
    """
        .formatted(WIDTH, y, STYLE, LEFT + FULL, rows);
  }

  private static String row(Figure figure, int y) {
    double share = figure.target().share(figure.judged());
    long width = Math.max(1, Math.round(FULL * Math.min(share, LONGEST)));
    String judged = figure.beside() == null ? figure.valueText() : figure.comparisonText();
    return String.format(
        Locale.ROOT,
        """
        <text x="%d" y="%d" text-anchor="end">%s</text>
        <rect class="%s" x="%d" y="%d" width="%d" height="14" rx="2"/>
        <text x="%d" y="%d">%s (%s)</text>
        """,
        LEFT - 8,
        y + BASELINE,
        escaped(figure.name()),
        figure.metText().equals("yes") ? "met" : "missed",
        LEFT,
        y,
        width,
        LEFT + Math.max(width, FULL) + 8,
        y + BASELINE,
        escaped(judged),
        escaped(figure.targetText()));
  }

  private static String escaped(String text) {
    return text.chars()
        .mapToObj(
            c ->
                switch (c) {
                  case '&' -> "&amp;";
                  case '<' -> "&lt;";
                  default -> Character.toString(c);
                })
        .collect(Collectors.joining());
  }
}
