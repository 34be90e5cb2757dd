package dev.signrelay.local.console;

import dev.signrelay.local.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Serves the files of a directory on the class path.
 *
 * @param path absolute, with a trailing slash
 */
record StaticFiles(String path) {

  static final StaticFiles CONSOLE = new StaticFiles("/dev/signrelay/local/console/");

  private static final Pattern NAME = Pattern.compile("[a-z][a-z-]*\\.([a-z]+)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  /** Responds with the file, or with 404. */
  void serve(Exchange exchange, String name) throws IOException {
    var matcher = NAME.matcher(name);
    String type = matcher.matches() ? TYPES.get(matcher.group(1)) : null;
    try (InputStream file =
        type == null ? null : StaticFiles.class.getResourceAsStream(path + name)) {
      if (file == null) {
        exchange.respond(404, "text/plain", "File not found.");
      } else {
        exchange.respond(200, type, file.readAllBytes());
      }
    }
  }
}
