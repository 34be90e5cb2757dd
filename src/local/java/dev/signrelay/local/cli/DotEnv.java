package dev.signrelay.local.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Settings in a {@code .env} file: {@code NAME=value} lines, {@code #} comments, optional quotes.
 */
final class DotEnv {

  private DotEnv() {}

  /**
   * @return empty if the file does not exist
   * @throws IllegalArgumentException if it is no file in UTF-8, or a line has another form
   */
  static Map<String, String> read(Path file) throws IOException {
    var settings = new LinkedHashMap<String, String>();
    if (!Files.exists(file)) {
      return settings;
    }
    int number = 0;
    for (String line : lines(file)) {
      number++;
      String text = line.strip().replaceFirst("^export\\s+", "");
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      int equals = text.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException(
            "%s, line %d: expected NAME=value".formatted(file, number));
      }
      String value = text.substring(equals + 1).strip();
      settings.put(text.substring(0, equals).strip(), value.replaceFirst("^(['\"])(.*)\\1$", "$2"));
    }
    return settings;
  }

  private static List<String> lines(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file + " must be a file");
    }
    try {
      return Files.readString(file).replaceFirst("^\uFEFF", "").lines().toList();
    } catch (CharacterCodingException _) {
      throw new IllegalArgumentException(file + " must be in UTF-8");
    }
  }
}
