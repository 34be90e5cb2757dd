package dev.signrelay.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of a page that repeats code or the template. Its first column and its last ones are the
 * page's own.
 *
 * @param header the line above the rows; several tables of the page may have it
 * @param cells the cells of each row that follow its first one. That names one or several of these
 *     rows, separated by commas.
 */
record GeneratedTable(Path page, String header, Map<String, List<String>> cells) {

  private static final Pattern VALUE = Pattern.compile("\\$\\{([^}]+)}");

  static List<GeneratedTable> all() {
    return List.of(
        SettingsTables.settings(),
        SettingsTables.parameters(),
        LimitsTables.limits(),
        LimitsTables.rateLimit(),
        LimitsTables.memory(),
        WaitsTables.attempts(),
        WaitsTables.day(),
        OperationsTables.alarms(),
        OperationsTables.deadLetters(),
        OperationsTables.metrics());
  }

  /** Writes all tables: {@code mvn test-compile exec:exec@tables}. */
  static void main() throws IOException {
    for (GeneratedTable table : all()) {
      Files.writeString(table.page, table.in(Files.readString(table.page)));
    }
  }

  /**
   * Rows whose cells name values, such as {@code | limit | ${name} bytes |}.
   *
   * @param values returns the value of a name: a duration, a number or a text
   */
  static Map<String, List<String>> rows(String rows, Function<String, Object> values) {
    return VALUE
        .matcher(rows)
        .replaceAll(name -> Matcher.quoteReplacement(text(values.apply(name.group(1)))))
        .lines()
        .map(MarkdownPage::cells)
        .collect(Collectors.toMap(List::getFirst, row -> row.subList(1, row.size())));
  }

  /** {@code 700 ms}, {@code 1.45 s}, {@code 4,096}. */
  static String text(Object value) {
    return switch (value) {
      case Duration time when time.toMillis() < 1_000 -> time.toMillis() + " ms";
      case Duration time -> text(BigDecimal.valueOf(time.toMillis(), 3)) + " s";
      case Number number ->
          new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT))
              .format(number);
      default -> value.toString();
    };
  }

  /**
   * The text of the page, with the cells of this table.
   *
   * @throws AssertionError if the page has other rows
   */
  String in(String text) {
    var lines = new ArrayList<String>();
    var rows = new ArrayList<String>();
    boolean isInTable = false;
    for (String line : text.split("\n")) {
      isInTable = line.equals(header) || isInTable && line.startsWith("|");
      boolean isRow = isInTable && !line.equals(header) && !line.startsWith("|---");
      lines.add(isRow ? row(MarkdownPage.cells(line), rows) : line);
    }
    assertThat(rows).as("rows in " + page).containsExactlyInAnyOrderElementsOf(cells.keySet());
    return String.join("\n", lines) + "\n";
  }

  private String row(List<String> present, List<String> rows) {
    List<String> names = List.of(present.getFirst().replace("`", "").split(", "));
    rows.addAll(names);
    List<List<String>> generated =
        names.stream().map(name -> cells.getOrDefault(name, List.of())).distinct().toList();
    assertThat(generated).as("cells of " + names).hasSize(1);
    int prose = Math.min(1 + generated.getFirst().size(), present.size());
    return Stream.of(
            present.subList(0, 1), generated.getFirst(), present.subList(prose, present.size()))
        .flatMap(List::stream)
        .map(cell -> cell.isEmpty() ? " |" : " " + cell + " |")
        .collect(Collectors.joining("", "|", ""));
  }
}
