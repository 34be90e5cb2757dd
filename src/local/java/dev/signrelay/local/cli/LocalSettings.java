package dev.signrelay.local.cli;

import dev.signrelay.app.Config;
import dev.signrelay.app.Setting;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the local run: its own defaults, those of a {@code .env} file, the environment.
 */
final class LocalSettings {

  /** The SDK's settings, which may stand in the same file. */
  private static final String OF_THE_SDK = "AWS_";

  /** A name that differs in more is another name. */
  private static final int MAX_DISTANCE = 3;

  private static final String URL = "CRYPTO_CLIENT_BASE_URL";
  private static final String KEY = "CRYPTO_CLIENT_API_KEY";

  private static final List<String> NAMES = Config.settings().stream().map(Setting::name).toList();

  private static final List<String> SECRETS =
      Config.settings().stream()
          .filter(Setting.Secrets.class::isInstance)
          .map(Setting::name)
          .toList();

  private LocalSettings() {}

  /**
   * The settings, those that are named last in the class's description winning. An empty value is
   * left out, except that of a secret, which the functions refuse.
   *
   * @throws IllegalArgumentException if a name in the file is no setting, or the upstream has a URL
   *     and no key or a key and no URL
   */
  static Map<String, String> merged(
      Map<String, String> defaults, Map<String, String> file, Map<String, String> environment) {
    file.keySet().stream()
        .filter(name -> !NAMES.contains(name) && !name.startsWith(OF_THE_SDK))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  ".env: %s is not a setting.%s docs/configuration.md lists all of them"
                      .formatted(name, suggestion(name)));
            });
    var settings = new HashMap<>(defaults);
    settings.putAll(set(file));
    settings.putAll(set(environment));
    if (isSet(settings, URL) != isSet(settings, KEY)) {
      throw new IllegalArgumentException(
          "%s is set, and %s is not. Set both, or neither to use the demo signing API"
              .formatted(isSet(settings, URL) ? URL : KEY, isSet(settings, URL) ? KEY : URL));
    }
    return settings;
  }

  /**
   * Reads a {@code .env} file: {@code NAME=value} lines, {@code #} comments, optional quotes.
   *
   * @return empty if the file does not exist
   * @throws IllegalArgumentException if it is no file in UTF-8, or a line has another form
   */
  static Map<String, String> read(Path file) throws IOException {
    var settings = new HashMap<String, String>();
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

  private static Map<String, String> set(Map<String, String> settings) {
    var set = new HashMap<>(settings);
    set.entrySet().removeIf(e -> e.getValue().isBlank() && !SECRETS.contains(e.getKey()));
    return set;
  }

  /** Names in the environment that look like misspelt settings, each with a remedy. */
  static List<String> warnings(Map<String, String> environment) {
    return environment.keySet().stream()
        .filter(name -> !NAMES.contains(name))
        .filter(name -> nearest(name).isPresent())
        .sorted()
        .map(name -> "The variable %s is not a setting.%s".formatted(name, suggestion(name)))
        .toList();
  }

  private static String suggestion(String name) {
    return nearest(name).map(near -> " Did you mean %s?".formatted(near)).orElse("");
  }

  private static Optional<String> nearest(String name) {
    return NAMES.stream()
        .filter(setting -> distance(setting, name) <= MAX_DISTANCE)
        .min((a, b) -> Integer.compare(distance(a, name), distance(b, name)));
  }

  private static boolean isSet(Map<String, String> settings, String name) {
    return !settings.getOrDefault(name, "").isBlank();
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] next = new int[b.length() + 1];
      next[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int changed = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        next[j] = Math.min(changed, 1 + Math.min(last[j], next[j - 1]));
      }
      last = next;
    }
    return last[b.length()];
  }
}
