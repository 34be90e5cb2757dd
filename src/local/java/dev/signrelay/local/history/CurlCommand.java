package dev.signrelay.local.history;

import java.util.stream.Collectors;

/** A command for a POSIX shell with {@code $'...'}, such as Bash or Zsh, that repeats a request. */
final class CurlCommand {

  private CurlCommand() {}

  /**
   * @param server the URL of the API, without a path
   */
  static String of(String server, JobEvent request) {
    var command = new StringBuilder("curl -i --globoff");
    if (!request.text("method").equals("GET")) {
      command.append(" -X ").append(quoted(request.text("method")));
    }
    request
        .fields()
        .path("headers")
        .properties()
        .forEach(
            header ->
                command
                    .append(" -H ")
                    .append(quoted(header.getKey() + ": " + header.getValue().asText())));
    if (!request.text("body").isEmpty()) {
      command.append(" --data-raw ").append(quoted(request.text("body")));
    }
    return command.append(' ').append(quoted(server + request.text("target"))).toString();
  }

  /**
   * One word of a command line. Characters that a terminal or a reader may take for something else
   * are escaped: control characters could end the terminal's bracketed paste.
   */
  static String quoted(String text) {
    if (text.codePoints().noneMatch(CurlCommand::isInvisible)) {
      return "'" + text.replace("'", "'\\''") + "'";
    }
    return text.codePoints()
        .mapToObj(CurlCommand::escaped)
        .collect(Collectors.joining("", "$'", "'"));
  }

  private static String escaped(int point) {
    return switch (point) {
      case '\'' -> "\\'";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      default -> isInvisible(point) ? "\\U%08x".formatted(point) : Character.toString(point);
    };
  }

  private static boolean isInvisible(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}
