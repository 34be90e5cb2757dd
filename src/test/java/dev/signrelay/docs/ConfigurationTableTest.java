package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.Config;
import dev.signrelay.local.Template;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of docs/configuration.md are those of the code and of the template. */
final class ConfigurationTableTest {

  private static final MarkdownPage PAGE = MarkdownPage.read(Path.of("docs/configuration.md"));
  private static final Pattern NAME = Pattern.compile("`(\\w+)`");
  private static final Pattern RANGE = Pattern.compile("from ([\\d.]+ to [\\d.]+)");

  /** For what is not set. */
  private static final String NONE = "–";

  private static final Map<String, String> REQUIRED =
      Map.of(
          "CRYPTO_CLIENT_BASE_URL", "https://signer.example.com",
          "CRYPTO_CLIENT_API_KEY", "the-key",
          "RETRY_QUEUE_URL", "https://sqs.example.com/1/retry",
          "DEAD_LETTER_QUEUE_URL", "https://sqs.example.com/1/dead",
          "RATE_LIMIT_TABLE", "limits");

  private record Row(String setting, String byDefault, String bounds) {}

  static List<String> settings() {
    Set<String> read = new TreeSet<>();
    Config.from(
        name -> {
          read.add(name);
          return REQUIRED.get(name);
        });
    return List.copyOf(read);
  }

  @Test
  void everySettingIsInTheTableAndNoOther() {
    assertThat(rows().keySet()).containsExactlyElementsOf(settings());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theDefaultIsThatOfTheCode(String setting) {
    String byDefault = row(setting).byDefault();

    if (byDefault.startsWith("required")) {
      assertThat(mistake(setting, "")).contains(setting + " is required");
    } else {
      assertThat(Config.from(with(setting, byDefault.equals(NONE) ? "" : byDefault)::get))
          .isEqualTo(Config.from(REQUIRED::get));
      assertThat(byDefault.equals(NONE)).isEqualTo(hasNoDefault(setting));
    }
  }

  /** What is no number has the words of the code. */
  @ParameterizedTest
  @MethodSource("settings")
  void theBoundsAreThoseOfTheCode(String setting) {
    String bounds = row(setting).bounds().replaceAll("[`,]", "");
    String rule = mistake(setting, "§").replaceFirst(".* must be ", "").replace(",", "");
    var range = RANGE.matcher(rule);

    assertThat(bounds)
        .isNotEmpty()
        .satisfies(b -> hasBounds(b, range.find() ? range.group(1) : rule));
  }

  /** A parameter has the default and the bounds of its setting, or those of its own row. */
  @Test
  void everyParameterOfTheTemplateIsDescribed() {
    Map<String, Row> own =
        PAGE.rows("| parameter | default | bounds | meaning |")
            .collect(Collectors.toMap(c -> name(c), c -> row(c)));
    Map<String, Row> described = new TreeMap<>(own);
    rows().values().forEach(row -> described.put(camelCase(row.setting()), row));
    Map<String, Object> parameters = map(Template.read().root().get("Parameters"));

    assertThat(parameters.keySet())
        .containsAll(own.keySet())
        .allSatisfy(
            name -> {
              if (!name.endsWith("Secret")) {
                isDescribed(map(parameters.get(name)), described.get(name));
              }
            });
  }

  private static void isDescribed(Map<String, Object> parameter, Row row) {
    String byDefault = String.valueOf(parameter.getOrDefault("Default", "required"));
    assertThat(row.byDefault()).isEqualTo(byDefault.isEmpty() ? NONE : byDefault);
    if (parameter.get("MinValue") != null) {
      hasBounds(
          row.bounds().replace(",", ""),
          parameter.get("MinValue") + " to " + parameter.get("MaxValue"));
    }
  }

  /** Not as part of other numbers. */
  private static void hasBounds(String text, String bounds) {
    assertThat(text).containsPattern("(?<![\\d.])" + Pattern.quote(bounds) + "(?![\\d.]*\\d)");
  }

  private static boolean hasNoDefault(String setting) {
    return Set.of("CALLBACK_ALLOWED_HOSTS", "CALLBACK_SIGNING_SECRET", "CLIENT_API_KEYS")
        .contains(setting);
  }

  /** What the code says of a value. */
  private static String mistake(String setting, String value) {
    try {
      Config.from(with(setting, value)::get);
      return "";
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Map<String, String> with(String setting, String value) {
    var environment = new HashMap<>(REQUIRED);
    environment.put(setting, value);
    return environment;
  }

  private static String camelCase(String setting) {
    return Stream.of(setting.split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }

  private static Row row(String setting) {
    assertThat(rows()).containsKey(setting);
    return rows().get(setting);
  }

  private static Map<String, Row> rows() {
    return PAGE.rows("| setting | default | bounds | meaning |")
        .flatMap(
            cells ->
                NAME.matcher(cells.getFirst())
                    .results()
                    .map(name -> new Row(name.group(1), cells.get(1), cells.get(2))))
        .collect(Collectors.toMap(Row::setting, row -> row, (a, b) -> a, TreeMap::new));
  }

  private static String name(List<String> cells) {
    return cells.getFirst().replace("`", "");
  }

  private static Row row(List<String> cells) {
    return new Row(name(cells), cells.get(1), cells.get(2));
  }
}
