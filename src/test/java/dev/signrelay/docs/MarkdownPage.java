package dev.signrelay.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A page of the documentation.
 *
 * @param lines all lines except code blocks
 */
record MarkdownPage(Path file, List<String> lines) {

  private static final Pattern LINK =
      Pattern.compile("\\]\\(([^()\\s]+)\\)| src(?:set)?=\"([^\"]+)\"");
  private static final Pattern HEADING = Pattern.compile("#{1,6} (.+)");
  private static final Pattern LINK_TEXT = Pattern.compile("!?\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern REMOVED_FROM_ANCHORS = Pattern.compile("[^\\p{L}\\p{N}_ -]");

  static MarkdownPage read(Path file) {
    try {
      String text = Files.readString(file).replaceAll("(?ms)^ *```.*?^ *```$", "");
      return new MarkdownPage(file, text.lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The targets of all links and images, also of those whose text is wrapped. */
  List<String> links() {
    return LINK.matcher(String.join("\n", lines))
        .results()
        .map(link -> link.group(1) == null ? link.group(2) : link.group(1))
        .toList();
  }

  /** The anchors of the headings on GitHub. A number follows the anchor of a repeated heading. */
  Set<String> anchors() {
    var occurrences = new HashMap<String, Integer>();
    var anchors = new HashSet<String>();
    for (String line : lines) {
      var heading = HEADING.matcher(line);
      if (heading.matches()) {
        String anchor = anchor(heading.group(1));
        int before = occurrences.merge(anchor, 1, Integer::sum) - 1;
        anchors.add(before == 0 ? anchor : anchor + "-" + before);
      }
    }
    return anchors;
  }

  private static String anchor(String heading) {
    String text = LINK_TEXT.matcher(heading).replaceAll("$1").strip().toLowerCase(Locale.ROOT);
    return REMOVED_FROM_ANCHORS.matcher(text).replaceAll("").replace(' ', '-');
  }

  /** The cells of a row of a table. */
  static List<String> cells(String row) {
    return Arrays.stream(row.substring(1).split("\\|")).map(String::strip).toList();
  }
}
