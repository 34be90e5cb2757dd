package dev.signrelay.docs;

import static dev.signrelay.local.Template.map;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signrelay.app.Setting;
import dev.signrelay.app.Setting.Flag;
import dev.signrelay.app.Setting.Items;
import dev.signrelay.app.Setting.Seconds;
import dev.signrelay.app.Setting.Secrets;
import dev.signrelay.app.Setting.Text;
import dev.signrelay.app.Setting.Url;
import dev.signrelay.app.Setting.WholeNumber;
import dev.signrelay.app.Settings;
import dev.signrelay.local.Template;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
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

  /** For what is not set. */
  private static final String NONE = "–";

  private record Row(String setting, String byDefault, String bounds) {}

  static List<Setting> settings() {
    return Settings.ALL;
  }

  @Test
  void everySettingIsInTheTableAndNoOther() {
    assertThat(rows().keySet())
        .containsExactlyInAnyOrderElementsOf(Settings.ALL.stream().map(Setting::name).toList());
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theDefaultIsThatOfTheCode(Setting setting) {
    String byDefault = row(setting.name()).byDefault();

    switch (setting) {
      case Url _, Text _ -> assertThat(byDefault).startsWith("required");
      case Seconds s -> assertThat(byDefault).isEqualTo(s.byDefault());
      case WholeNumber n -> assertThat(byDefault).isEqualTo(Integer.toString(n.byDefault()));
      case Flag f -> assertThat(byDefault).isEqualTo(Boolean.toString(f.byDefault()));
      case Items i ->
          assertThat(byDefault).isEqualTo(i.byDefault().isEmpty() ? NONE : i.byDefault());
      case Secrets _ -> assertThat(byDefault).isEqualTo(NONE);
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void theBoundsAreThoseOfTheCode(Setting setting) {
    String bounds = row(setting.name()).bounds().replaceAll("[`,]", "");

    switch (setting) {
      case Seconds s -> hasBounds(bounds, s.min() + " to " + s.max());
      case WholeNumber n -> hasBounds(bounds, n.min() + " to " + n.max());
      case Items i -> assertThat(bounds).contains(i.rule());
      case Secrets s -> assertThat(bounds).contains(s.rule().replace(",", ""));
      case Url _, Text _, Flag _ -> assertThat(bounds).isNotEmpty();
    }
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
