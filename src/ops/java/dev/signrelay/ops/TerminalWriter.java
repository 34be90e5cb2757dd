package dev.signrelay.ops;

import java.io.PrintWriter;
import java.util.stream.Collectors;

/**
 * Prints lines in which no character controls the terminal or ends the line, whoever wrote the
 * text: control and format characters, such as U+009B and U+202E, line and paragraph separators,
 * and halves of characters are escaped, like {@code \u009b}.
 */
final class TerminalWriter extends PrintWriter {

  /**
   * @param terminal is flushed after each line
   */
  TerminalWriter(PrintWriter terminal) {
    super(terminal, true);
  }

  @Override
  public void println(String text) {
    super.println(escaped(text));
  }

  /** Line breaks are kept: they are not part of a value, which is printed with {@link #println}. */
  @Override
  public void write(String text, int from, int length) {
    String escaped =
        text.substring(from, from + length)
            .codePoints()
            .mapToObj(point -> point == '\n' ? "\n" : escaped(point))
            .collect(Collectors.joining());
    super.write(escaped, 0, escaped.length());
  }

  /** A text without characters that have an effect on a terminal, line breaks and tabs included. */
  static String escaped(String text) {
    return text.codePoints().mapToObj(TerminalWriter::escaped).collect(Collectors.joining());
  }

  private static String escaped(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          Character.toString(point)
              .chars()
              .mapToObj("\\u%04x"::formatted)
              .collect(Collectors.joining());
      default -> Character.toString(point);
    };
  }
}
